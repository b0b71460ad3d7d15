import LockstepTraining

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How differences from A grow: B's, and the twins' for a measure.
public struct GrowthCurve: Codable, Hashable, Sendable {
  /// Differences up to a step, all as |ln L − ln L_A|, the largest so far.
  public struct Point: Codable, Hashable, Sendable {
    /// The step.
    public var step: Int
    /// The median over seeds of B's difference.
    public var median: Double
    /// The smallest of any seed.
    public var low: Double
    /// The largest of any seed.
    public var high: Double
    /// The smallest difference of any twin of any seed; nil without twins.
    public var twinsLow: Double?
    /// The twins' median.
    public var twinsMedian: Double?
    /// The largest difference of any twin.
    public var twinsHigh: Double?
  }

  /// More points are not seen in a plot.
  static let pointLimit = 400

  /// The points, by rising step.
  public var points: [Point]

  /// - Parameter groups: for each seed A, B and the twins, at the same steps.
  init(_ groups: [[LossCurve]]) {
    let common = CurvePair.common(groups.flatMap { $0 })
    var losses = common.losses[...]
    var (ofB, ofTwins): ([[Double]], [[Double]]) = ([], [])
    for group in groups {
      let curves = Array(losses.prefix(group.count))
      losses = losses.dropFirst(group.count)
      let growth = curves.dropFirst().map { LossDifference.growth(curves[0], $0) }
      ofB.append(growth[0])
      ofTwins += growth.dropFirst()
    }
    let stride = max(1, (common.steps.count + Self.pointLimit - 1) / Self.pointLimit)
    points = common.steps.indices.filter { $0 % stride == 0 || $0 == common.steps.count - 1 }.map { index in
      let b = ofB.map { pow(10, $0[index]) }
      let twins = ofTwins.map { pow(10, $0[index]) }
      return Point(
        step: common.steps[index], median: b.median, low: b.min() ?? 0, high: b.max() ?? 0,
        twinsLow: twins.min(), twinsMedian: twins.isEmpty ? nil : twins.median, twinsHigh: twins.max())
    }
  }
}
