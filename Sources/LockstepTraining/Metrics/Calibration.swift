/// Whether a classifier is as sure as it is right: its predictions sorted by confidence into bins of equal width.
public struct Calibration: Hashable, Sendable {
  /// The usual number of bins.
  public static let standardBinCount = 15

  /// Predictions of about the same confidence.
  public struct Bin: Codable, Hashable, Sendable {
    /// How many there are.
    public var count = 0
    /// How many are right.
    public var correctCount = 0
    /// Their mean confidence; 0 of none.
    public var confidence: Double { count == 0 ? 0 : confidenceSum / Double(count) }
    /// The share that is right; 0 of none.
    public var accuracy: Double { count == 0 ? 0 : Double(correctCount) / Double(count) }

    fileprivate var confidenceSum = 0.0
  }

  /// The bins: the first from 0 to 1/n inclusive, the next above that, the last up to 1.
  public private(set) var bins: [Bin]

  /// Creates empty bins.
  public init(binCount: Int = standardBinCount) {
    bins = [Bin](repeating: Bin(), count: binCount)
  }

  /// Counts a prediction of a probability; one that is no number is no confidence at all.
  public mutating func add(confidence: Double, isCorrect: Bool) {
    let confidence = confidence.isFinite ? confidence : 0
    let index = Int((confidence * Double(bins.count)).rounded(.up)) - 1
    let bin = min(max(0, index), bins.count - 1)
    bins[bin].count += 1
    bins[bin].confidenceSum += confidence
    if isCorrect { bins[bin].correctCount += 1 }
  }

  /// The expected calibration error: the mean distance between confidence and accuracy, each bin counting as many
  /// times as it has predictions. Source: Guo et al., "On calibration of modern neural networks", ICML 2017.
  public var expectedError: Double {
    let total = bins.reduce(0) { $0 + $1.count }
    guard total > 0 else { return 0 }
    return bins.reduce(0) { $0 + Double($1.count) * abs($1.confidence - $1.accuracy) } / Double(total)
  }
}
