import Lockstep
import LockstepCore

// What was found first, in sentences.
extension DiffFindings {
  /// The first difference; nil if there is none.
  var firstDifference: [String]? {
    guard let difference = report.firstDifference else { return nil }
    let output = difference.output > 0 ? " of output \(difference.output)" : ""
    var lines = [
      "\(difference.place), instruction \(difference.place.position) of the step",
      "\(Self.share(difference.count, of: difference.elementCount, "element")): \(difference.histogram)",
      "the first is \(difference.index)\(output): \(names.first) \(Self.digits(difference.values.first)), "
        + "\(names.second) \(Self.digits(difference.values.second))",
    ]
    if let first = difference.firstJudgement, let second = difference.secondJudgement {
      lines.append(
        "ρ is at most \(Self.rho(first.worst?.rho ?? 0)) on \(names.first) (\(first.band.rawValue)) and "
          + "\(Self.rho(second.worst?.rho ?? 0)) on \(names.second) (\(second.band.rawValue)); "
          + limits(terms: max(first.terms, second.terms)))
    }
    if let closer = closer(difference.closeness) { lines.append(closer) }
    return lines
  }

  private func limits(terms: Int) -> String {
    guard terms > 0 else { return "it has to be exact" }
    let amber = Double(terms) + 2
    let green = min(4 * Double(terms).squareRoot(), amber)
    return "with K = \(terms), green is up to \(Self.rho(green)), amber up to \(Self.rho(amber))"
  }

  /// The first result that no rounding explains; nil if there is none.
  var firstFault: [String]? {
    guard let fault = report.firstFault else { return nil }
    let judgement = fault.judgement
    return [
      "\(fault.place) on \(name(of: fault.side))",
      "\(Self.share(judgement.redCount, of: judgement.count, "element")) beyond rounding; "
        + limits(terms: judgement.terms),
    ]
      + judgement.redElements.prefix(3).map { element in
        "\(element.index): \(Self.digits(element.got)) instead of \(Self.digits(element.exact)), "
          + "ρ = \(Self.rho(element.rho))"
      }
  }

  /// The first flip; nil if there is none.
  var firstFlip: [String]? {
    guard let flip = report.firstFlip else { return nil }
    let (first, second) = (Self.digits(flip.values.first), Self.digits(flip.values.second))
    let what =
      switch flip.kind {
      case .relu:
        "a ReLU lets its input pass on one side alone: it is \(first) on \(names.first) and \(second)"
      case .pooling: "another pixel of a window is the largest, \(first) on \(names.first) and \(second)"
      case .prediction: "an image is taken for class \(first) on \(names.first) and class \(second)"
      }
    return [
      "\(flip.place), unit \(flip.index)", "\(what) on \(names.second)",
      Self.share(flip.count, of: flip.unitCount, "unit") + " decided otherwise",
    ]
  }

  /// What became of the losses after the first flip; nil if there is nothing to say.
  var lossGrowth: String? {
    guard let flip = report.firstFlip?.place.step else {
      guard report.firstDifference != nil else { return nil }
      let largest = report.steps.compactMap(\.lossDifference).max() ?? 0
      return "at most \(Self.scientific(largest)) apart; no unit decided otherwise"
    }
    let before = report.steps.filter { $0.step < flip }.compactMap(\.lossDifference).max()
    let earlier = before.map { "at most \(Self.scientific($0)) apart before the first flip" }
    let after = report.steps.filter { $0.step >= flip }.compactMap(\.lossDifference).max() ?? 0
    guard let parting = report.partingStep else {
      return
        "\(earlier.map { "\($0), and " } ?? "")at most \(Self.scientific(after)) after it: it made no difference"
    }
    let flips = report.steps.filter { (flip...parting).contains($0.step) }.reduce(0) { $0 + $1.flipCount }
    return
      "\(earlier.map { "\($0); " } ?? "")they part in step \(parting), after \(Self.count(flips, "flip")), and come to "
      + "\(Self.scientific(after))"
  }

  /// What was not looked at.
  var limitsOfSearch: [String] {
    var lines: [String] = []
    if report.failure == nil, computedStepCount < report.plannedStepCount {
      lines.append("stopped after \(Self.share(computedStepCount, of: report.plannedStepCount, "step"))")
    }
    if report.judgedStepCount < computedStepCount {
      lines.append(
        "bands are of the first \(Self.count(report.judgedStepCount, "step")); later ones were compared "
          + "bit by bit only")
    }
    return lines
  }

  /// A number of single precision with the digits that tell it from its neighbours.
  static func digits(_ value: Double) -> String {
    if value == value.rounded(), value.magnitude < 1e6 { return "\(Int(value))" }
    let single = Float(value)
    return Double(single) == value ? "\(single)" : "\(value)"
  }
}
