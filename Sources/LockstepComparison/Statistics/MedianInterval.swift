import LockstepTraining

/// The interval a median lies in, by order statistics: exact for every continuous distribution, whatever its
/// shape, since how many of n independent numbers are below the median is binomial with probability ½.
///
/// Source: H. A. David and H. N. Nagaraja, Order Statistics, 3rd edition, section 7.1.
public enum MedianInterval {
  /// The narrowest pair of symmetric order statistics that holds the median with at least a confidence.
  ///
  /// - Returns: ranks from 1, nil where so few numbers can't say it.
  public static func ranks(count: Int, confidence: Double = 0.95) -> ClosedRange<Int>? {
    let tail = (1 - confidence) / 2
    var lower = 0
    // P(X ≤ rank − 1): the median is below the number of that rank.
    while lower + 1 <= count / 2, atMost(lower, of: count) <= tail { lower += 1 }
    return lower == 0 ? nil : lower...(count + 1 - lower)
  }

  /// The interval, nil where there are too few numbers.
  public static func of(_ numbers: [Double], confidence: Double = 0.95) -> ClosedRange<Double>? {
    guard let ranks = ranks(count: numbers.count, confidence: confidence) else { return nil }
    let sorted = numbers.sorted()
    return sorted[ranks.lowerBound - 1]...sorted[ranks.upperBound - 1]
  }

  /// P(X ≤ count) of a binomial distribution of `total` fair coins.
  private static func atMost(_ count: Int, of total: Int) -> Double {
    SpecialFunctions.regularizedBeta(0.5, Double(total - count), Double(count + 1))
  }
}

/// How many times as large the median of one kind of positive number is as another's, such as times before and
/// after a change.
public struct MedianRatio: Codable, Hashable, Sendable {
  /// The ratio of the medians.
  public var ratio: Double
  /// The lower end of the interval; nil where one of the kinds has too few numbers.
  public var lower: Double?
  /// The upper end.
  public var upper: Double?
  /// The confidence of the interval.
  public var confidence: Double

  /// Compares the second kind with the first. Each median's interval holds it with probability √confidence, so
  /// both do with the confidence asked for, and then the ratio is between those of their opposite ends: a wide
  /// interval rather than a narrow one.
  ///
  /// - Returns: nil unless there is a number of each kind, all of them positive and finite.
  public init?(of second: [Double], to first: [Double], confidence: Double = 0.95) {
    let isSound = (first + second).allSatisfy { $0 > 0 && $0.isFinite }
    guard isSound, !first.isEmpty, !second.isEmpty else { return nil }
    ratio = second.median / first.median
    self.confidence = confidence
    let each = confidence.squareRoot()
    guard let a = MedianInterval.of(first, confidence: each),
      let b = MedianInterval.of(second, confidence: each)
    else { return }
    lower = b.lowerBound / a.upperBound
    upper = b.upperBound / a.lowerBound
  }

  /// The interval, where there is one.
  public var interval: ClosedRange<Double>? {
    guard let lower, let upper else { return nil }
    return lower...upper
  }
}
