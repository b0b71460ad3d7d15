/// What came of holding one set of loss curves against another: the verdict, and everything it rests on.
public struct CurveComparison: Codable, Hashable, Sendable {
  /// What an ``Verdict/equivalent`` verdict is about.
  public enum Basis: String, Codable, Hashable, Sendable {
    /// Differences begin and grow as rounding's do.
    case rounding
    /// Losses end within what another seed changes; nothing is said of rounding.
    case finalLoss = "final loss"
  }

  /// The first set's name.
  public var nameA: String
  /// The second's.
  public var nameB: String
  /// The verdict.
  public var verdict: Verdict
  /// What equivalence is about; nil with other verdicts.
  public var basis: Basis?
  /// Why, in a line.
  public var reason: String
  /// How many seeds it takes for a verdict like this to become another one; nil where more seeds don't help, or
  /// are not needed.
  public var seedsNeeded: Int?
  /// How many pairs of curves of one seed there are; 0 where nothing pairs the sets.
  public var pairCount: Int
  /// The answers to S0–S5, in this order.
  public var evidence: [Evidence]
  /// Where curves part, for each pair.
  public var partings: [Parting]
  /// The growth test, where there were twins.
  public var growthTest: GrowthTest?
  /// What can be said of growth without them.
  public var growthBound: GrowthBound?
  /// How differences grow; nil without pairs.
  public var growth: GrowthCurve?
  /// The times; nil where they are not known.
  public var time: TimeRatio?
  /// Everything that is not the same of the two sets.
  public var configuration: [ConfigurationDifference]
  /// What the reader must know besides.
  public var notes: [String]
}

extension CurveComparison {
  /// Compares two sets.
  ///
  /// - Parameters:
  ///   - twins: runs of A's seeds that other kernels computed, as a measure of what rounding does. Which of them
  ///     belong to one kernel does not matter.
  public init(_ a: CurveSet, _ b: CurveSet, twins: [LossCurve] = []) {
    self = CurveExamination(a, b, twins: twins).result
  }

  /// The verdict as a person reads it, such as `EQUIVALENT (rounding)`.
  public var title: String { basis.map { "\(verdict.title) (\($0.rawValue))" } ?? verdict.title }

  /// The verdict and why, in one line.
  public var headline: String { "\(title): \(reason)" }
}

extension [CurveComparison] {
  /// What several comparisons come to: the gravest of their verdicts.
  public var verdict: Verdict {
    map(\.verdict).max { $0.gravity < $1.gravity } ?? .inconclusive
  }
}
