import Lockstep
import LockstepCore
import LockstepReports

/// What a search for differences came to, in words.
struct DiffFindings {
  let report: DifferenceReport
  let modelName: String
  let dataset: RunRecord.Dataset
  let configuration: TrainingConfiguration
  let stepsPerEpoch: Int

  init(_ report: DifferenceReport, _ plan: DiffPlan) {
    self.report = report
    modelName = plan.modelName
    dataset = plan.dataset
    configuration = plan.search.task.configuration
    stepsPerEpoch = plan.stepsPerEpoch
  }

  /// The backends' names; told apart where they are the same.
  var names: (first: String, second: String) {
    let (first, second) = (report.first, report.second)
    guard first.name == second.name else { return (first.name, second.name) }
    if first.isaLevel != second.isaLevel {
      return ("\(first.name)@\(first.isaLevel)", "\(second.name)@\(second.isaLevel)")
    }
    let (one, other) = (first.cpuProfile ?? "", second.cpuProfile ?? "")
    if one != other { return ("\(first.name)@\(one)", "\(second.name)@\(other)") }
    return ("the first \(first.name)", "the second \(second.name)")
  }

  func name(of side: LockstepSide) -> String { side == .first ? names.first : names.second }

  /// The finding, in a line.
  var verdict: String {
    if let fault = report.firstFault {
      let judgement = fault.judgement
      return
        "FAULTY OPERATION (\(fault.place)) on \(name(of: fault.side)): "
        + "\(Self.share(judgement.redCount, of: judgement.count, "element")) that no rounding explains"
    }
    guard let difference = report.firstDifference else {
      let instructions = Self.count(report.instructionCount, "instruction")
      return "no difference in \(instructions) of \(Self.count(computedStepCount, "step"))"
    }
    return
      "first difference: \(difference.place), "
      + "\(Self.share(difference.count, of: difference.elementCount, "element")), \(size(of: difference))"
      + (closer(difference.closeness).map { "; \($0)" } ?? "")
  }

  /// How the finding is to be taken.
  var tone: Report.Tone {
    switch report.worstBand {
    case .red: .bad
    case .amber: .caution
    case .green, nil: .good
    }
  }

  /// Steps that were computed to the end.
  var computedStepCount: Int { report.steps.count }

  /// How far apart the elements of a difference are.
  private func size(of difference: Difference) -> String {
    let histogram = difference.histogram
    if histogram.nonFiniteCount > 0 {
      return "\(NumberFormat.grouped(histogram.nonFiniteCount)) of them NaN or infinite on one side"
    }
    return "at most \(Self.ulps(histogram.largest))"
  }

  /// Who is closer to the exact results, and how often; nil where that is not known.
  func closer(_ closeness: Closeness?) -> String? {
    guard let closeness, closeness.first + closeness.second > 0 else { return nil }
    let (name, count) =
      closeness.second >= closeness.first
      ? (names.second, closeness.second) : (names.first, closeness.first)
    return "\(name) is closer to float64 in \(Self.percent(count, of: closeness.total))"
  }

  /// The report as JSON.
  var json: String {
    JSON.encode(
      Contents(
        verdict: verdict, model: modelName, dataset: dataset, configuration: configuration,
        stepsPerEpoch: stepsPerEpoch, partingStep: report.partingStep,
        differences: report))
  }

  private struct Contents: Encodable {
    let verdict: String
    let model: String
    let dataset: RunRecord.Dataset
    let configuration: TrainingConfiguration
    let stepsPerEpoch: Int
    let partingStep: Int?
    let differences: DifferenceReport
  }
}

// Numbers in words.
extension DiffFindings {
  static func count(_ count: Int, _ noun: String) -> String {
    "\(NumberFormat.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  static func share(_ part: Int, of whole: Int, _ noun: String) -> String {
    "\(NumberFormat.grouped(part)) of \(count(whole, noun))"
  }

  static func ulps(_ count: Double) -> String { "\(number(count)) ulp" }

  /// A whole number or a power of ten.
  static func number(_ value: Double) -> String {
    value < 1e6 ? NumberFormat.grouped(Int(value)) : scientific(value)
  }

  static func percent(_ part: Int, of whole: Int) -> String {
    let percent = 100 * Double(part) / Double(max(whole, 1))
    return percent > 0 && percent < 0.1 ? "< 0.1 %" : "\(NumberFormat.fixed(percent, percent < 10 ? 1 : 0)) %"
  }

  /// A number of any size with two digits behind the point, such as `1.25e-07`.
  static func scientific(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value.isInfinite ? "∞" : "\(value)" }
    var (mantissa, exponent) = (value.magnitude, 0)
    while mantissa >= 9.995 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    return "\(value < 0 ? "-" : "")\(NumberFormat.fixed(mantissa, 2))e\(exponent)"
  }

  /// ρ with its sensible digits.
  static func rho(_ value: Double) -> String {
    value < 1000 ? NumberFormat.fixed(value, value < 10 ? 2 : 0) : scientific(value)
  }
}
