/// A part of an experiment, in the order they are done.
public enum ExperimentPart: String, Codable, CaseIterable, Sendable {
  /// Starting every engine.
  case engines
  /// How long a step takes, and why.
  case time
  /// Seeds on every engine: curves and verdicts.
  case curves
  /// {untranslated, translated} × {kernels A, kernels B}.
  case square
  /// Which numerical mechanisms show here.
  case mechanisms
  /// What happens after two trainings first decide differently.
  case chaos
  /// How many seeds diverge near the largest learning rate that works.
  case divergence

  /// What it is called where progress is shown.
  public var title: String {
    switch self {
    case .engines: "engines"
    case .time: "time"
    case .curves: "curves"
    case .square: "attribution"
    case .mechanisms: "mechanisms"
    case .chaos: "chaos"
    case .divergence: "divergence"
    }
  }

  /// The part's share of the budget, against the shares of those that are yet to come.
  ///
  /// Curves get most: under QEMU a step takes a hundred times as long as natively, and the growth test wants
  /// twenty of them for each seed. Divergence is last and gets what is left over: its interval is the narrower
  /// the more seeds there are, and there are always more seeds. Time needs only so many repetitions. Starting
  /// engines takes what it takes.
  var share: Double {
    switch self {
    case .engines: 5
    case .time: 10
    case .curves: 30
    case .square: 10
    case .mechanisms: 20
    case .chaos: 5
    case .divergence: 20
    }
  }
}

/// Divides seconds among parts.
///
/// A part may use its share of what is left when it begins, so that what one leaves over is the others'.
struct BudgetDivision {
  /// The parts that are yet to come, the first one next.
  private(set) var open: [ExperimentPart]

  /// Divides among some parts.
  init(_ parts: [ExperimentPart]) { open = parts }

  /// Takes the next part off, with the seconds it may use of those that are left.
  mutating func next(of secondsLeft: Double) -> (part: ExperimentPart, seconds: Double)? {
    guard let part = open.first else { return nil }
    let all = open.reduce(0) { $0 + $1.share }
    open.removeFirst()
    return (part, max(0, secondsLeft) * part.share / all)
  }
}
