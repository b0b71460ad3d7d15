import LockstepTraining

/// How a benchmark is sampled.
public struct SamplePlan: Codable, Hashable, Sendable {
  /// Samples are taken until so many seconds have passed, the warm-up included …
  public var seconds: Double
  /// … but at least so many …
  public var leastSamples: Int
  /// … and at most so many, which make an interval narrow enough.
  public var mostSamples = 200
  /// A sample is of as many calls as take so many seconds: clocks and the operating system disturb less.
  public var secondsPerSample = 1e-3
  /// The warm-up takes at most this share of the time.
  public var warmUpShare = 0.3

  /// So many samples have an interval for their median, and some to spare.
  static let samplesOfInterval = 9

  /// Creates a plan for a time, of which there are to be several rounds.
  public init(seconds: Double, rounds: Int = 1) {
    self.seconds = seconds
    leastSamples = (Self.samplesOfInterval + rounds - 1) / rounds
  }
}

/// When a benchmark is warm: the median of the last three samples is no longer below that of the three before
/// them by more than a twentieth.
///
/// Caches, the clock frequency, memory that is touched for the first time and a translator's code all make early
/// calls slower, never faster, so what is waited for is the end of the fall.
enum SteadyRule {
  static let window = 3
  static let tolerance = 0.05

  static func isSteady(_ seconds: [Double]) -> Bool {
    guard seconds.count >= 2 * window else { return false }
    let last = Array(seconds.suffix(window)).median
    let before = Array(seconds.dropLast(window).suffix(window)).median
    return last >= (1 - tolerance) * before
  }
}
