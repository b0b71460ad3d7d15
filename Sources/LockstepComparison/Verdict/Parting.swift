/// Where the two curves of a seed part.
public struct Parting: Codable, Hashable, Sendable {
  /// From here curves are told apart by eye: a thousand times what rounding does at the start, and a tenth of
  /// the smallest jump seen after a ReLU has flipped (1e-3 within 15 steps; docs/comparison.md).
  public static let threshold = 1e-4

  /// The pair, such as `seed 3`.
  public var pair: String
  /// The first step whose losses differ in any bit.
  public var firstDifferentStep: Int?
  /// The difference there, |ln L_A − ln L_B|.
  public var firstDifference: Double?
  /// The first step whose losses differ by more than ``threshold``.
  public var firstPartedStep: Int?
  /// The largest difference, and its step.
  public var largestDifference: Double
  /// Its step.
  public var largestStep: Int?

  init(_ pair: CurvePair) {
    let differences = pair.differences
    self.pair = pair.label
    let first = pair.firstDifferent
    firstDifferentStep = first.map { pair.steps[$0] }
    firstDifference = first.map { differences[$0] }
    firstPartedStep = differences.firstIndex { $0 > Parting.threshold }.map { pair.steps[$0] }
    let largest = differences.indices.max { differences[$0] < differences[$1] }
    largestDifference = largest.map { differences[$0] } ?? 0
    largestStep = first == nil ? nil : largest.map { pair.steps[$0] }
  }

  /// Whether the very first difference is one that curves are told apart by. Rounding begins small: something
  /// else may have begun here.
  public var isSudden: Bool { (firstDifference ?? 0) > Parting.threshold }
}
