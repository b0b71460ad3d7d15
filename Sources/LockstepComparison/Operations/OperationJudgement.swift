/// How far a result is from what it should be, measured by what rounding can do.
///
/// ρ = |C − R| / (u·S) for every element C of a result: R is the exact result, S the sum of the magnitudes of
/// the terms it is made of, K their number, u = 2⁻²⁴ (2⁻⁵³ in float64). Rounding of K terms in any order gives
/// ρ ≤ K + 2 or so (Higham, *Accuracy and Stability of Numerical Algorithms*, §3.1), and usually about √K.
public enum OperationBand: String, Codable, Hashable, Sendable, Comparable {
  /// What a sound sum gives: ρ ≤ 4√K.
  case green
  /// Legal, but a poor way to add: ρ ≤ K + 2.
  case amber
  /// No rounding explains it.
  case red

  private var rank: Int {
    switch self {
    case .green: 0
    case .amber: 1
    case .red: 2
    }
  }

  /// Whether a band is the better one.
  public static func < (lhs: OperationBand, rhs: OperationBand) -> Bool { lhs.rank < rhs.rank }
}

/// An operation's results held against the exact ones.
public struct OperationJudgement: Codable, Hashable, Sendable {
  /// An element of a result.
  public struct Element: Codable, Hashable, Sendable {
    /// Which of the operation's outputs.
    public var output: Int
    /// Where in it, one number for each dimension.
    public var index: [Int]
    /// What the backend computed.
    public var got: Double
    /// The exact result, rounded to double precision.
    public var exact: Double
    /// The error in units of what one rounding can do; infinite where only one of the two is finite.
    public var rho: Double
  }

  /// The band of the worst element.
  public var band: OperationBand
  /// The largest ρ.
  public var worst: Element?
  /// The number of terms K that an element is made of.
  public var terms: Int
  /// How many elements were looked at.
  public var count: Int
  /// How many are amber.
  public var amberCount: Int
  /// How many are red.
  public var redCount: Int
  /// The first red elements, in row-major order; at most ``redElementLimit``.
  public var redElements: [Element]

  /// How many red elements are kept.
  public static let redElementLimit = 8
}
