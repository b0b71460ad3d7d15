/// A benchmark, after it.
public struct Benchmark: Codable, Hashable, Sendable {
  /// What is compared with what: suite, subject, threads, such as `ops/matmul-2000-float32/2`.
  public var id: String
  /// The subject, without the suite and the threads.
  public var name: String
  /// The threads that computed.
  public var threads: Int
  /// The times, and how they were taken.
  public var samples: Samples
  /// The samples in short.
  public var summary: SampleSummary
  /// What the times mean.
  public var figures: Figures

  /// Rates and shares that follow from the median; what does not apply is nil.
  public struct Figures: Codable, Hashable, Sendable {
    /// Floating-point operations of a call; products of matrices and convolutions alone.
    public var floatingPointOperations: Double?
    /// Bytes of a call's operands and results, each once.
    public var byteCount: Double?
    /// Floating-point operations a second.
    public var floatingPointRate: Double?
    /// Bytes a second.
    public var byteRate: Double?
    /// ``floatingPointRate`` over the peak of the same run, threads and type.
    public var shareOfPeak: Double?
    /// ``byteRate`` over the memory bandwidth of the same run; above 1 where operands come from caches.
    public var shareOfBandwidth: Double?
    /// Images of a call.
    public var imageCount: Int?
    /// Images a second.
    public var imagesPerSecond: Double?
    /// The most memory that this process had while it was measured, in bytes.
    public var peakMemoryBytes: Double?

    /// Nothing is known yet.
    public init() {}
  }

  init(suite: String, name: String, threads: Int, samples: Samples, figures: Figures) {
    id = "\(suite)/\(name)/\(threads)"
    self.name = name
    self.threads = threads
    self.samples = samples
    summary = SampleSummary(samples.seconds)
    self.figures = figures
  }
}

/// Samples in short, all in seconds a call.
public struct SampleSummary: Codable, Hashable, Sendable {
  /// The middle one.
  public var median: Double
  /// The smallest.
  public var minimum: Double
  /// A quarter of the samples is below.
  public var lowerQuartile: Double
  /// A quarter of the samples is above.
  public var upperQuartile: Double

  /// Describes at least one sample.
  init(_ seconds: [Double]) {
    let sorted = seconds.sorted()
    /// Linear interpolation between neighbours: type 7 of Hyndman and Fan (1996), NumPy's default.
    func quantile(_ p: Double) -> Double {
      let place = p * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    median = quantile(0.5)
    minimum = quantile(0)
    lowerQuartile = quantile(0.25)
    upperQuartile = quantile(0.75)
  }

  /// Half of the samples lie within so large a part of the median, to either side.
  public var spread: Double { (upperQuartile - lowerQuartile) / 2 / median }
}
