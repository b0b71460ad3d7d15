#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How many times as large one kind of positive number is as another, such as seconds an epoch.
public struct RatioInterval: Codable, Hashable, Sendable {
  /// The ratio of the geometric means.
  public var ratio: Double
  /// The lower end of the interval; nil where one of the kinds has fewer than two numbers.
  public var lower: Double?
  /// The upper end.
  public var upper: Double?
  /// How many numbers of the first kind and of the second.
  public var counts: [Int]
  /// The confidence of the interval.
  public var confidence: Double

  /// Compares the second kind with the first: Welch's t interval of the difference of logarithms, since what
  /// disturbs a measurement of time does so in proportion.
  ///
  /// - Returns: nil unless there is a number of each kind, all of them positive and finite.
  public init?(of second: [Double], to first: [Double], confidence: Double = 0.95) {
    let isSound = (first + second).allSatisfy { $0 > 0 && $0.isFinite }
    guard isSound, !first.isEmpty, !second.isEmpty else { return nil }
    let (a, b) = (first.map { log($0) }, second.map { log($0) })
    let difference = b.mean - a.mean
    ratio = exp(difference)
    counts = [first.count, second.count]
    self.confidence = confidence
    guard a.count > 1, b.count > 1 else { return }
    let (partA, partB) = (a.variance / Double(a.count), b.variance / Double(b.count))
    let error = (partA + partB).squareRoot()
    guard error > 0 else {
      (lower, upper) = (ratio, ratio)
      return
    }
    // Welch–Satterthwaite.
    let freedom =
      (partA + partB) * (partA + partB)
      / (partA * partA / Double(a.count - 1) + partB * partB / Double(b.count - 1))
    let width = StudentT(degreesOfFreedom: freedom).quantile(0.5 + confidence / 2) * error
    lower = exp(difference - width)
    upper = exp(difference + width)
  }

  /// The interval, where there is one.
  public var interval: ClosedRange<Double>? {
    guard let lower, let upper else { return nil }
    return lower...upper
  }
}
