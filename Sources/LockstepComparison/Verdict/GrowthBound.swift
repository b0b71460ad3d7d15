/// What can be said of growth without twins: whether the first differences are as small as rounding's.
///
/// A bound, not a test: differences within it are rounding's size; differences beyond it may be a fault or
/// chaos that began early, which only twins tell apart.
public struct GrowthBound: Codable, Hashable, Sendable {
  /// How many steps are looked at, from the first that differs.
  public static let window = GrowthTest.defaultWindow
  /// The largest difference that is rounding's.
  public static let limit = GrowthTest.windowLimit
  /// The fewest seeds that make it evidence.
  public static let seedsNeeded = 3

  /// The largest difference within the window, for each pair.
  public var largest: [Double]

  init(_ pairs: [CurvePair]) {
    largest = pairs.map { pair in
      guard let first = pair.firstDifferent else { return 0 }
      return pair.differences.dropFirst(first).prefix(GrowthBound.window).max() ?? 0
    }
  }

  /// Whether all pairs are within the bound.
  public var isWithin: Bool { largest.allSatisfy { $0 <= GrowthBound.limit } }
  /// Whether there are enough of them for that to be evidence.
  public var isShown: Bool { isWithin && largest.count >= GrowthBound.seedsNeeded }
}
