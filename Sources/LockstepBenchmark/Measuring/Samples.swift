/// What a benchmark measured.
public struct Samples: Codable, Hashable, Sendable {
  /// Seconds a call, one number for each sample, in the order they were taken.
  public var seconds: [Double] = []
  /// How many calls a sample is the mean of.
  public var callsPerSample = 1
  /// How many samples were taken before, and thrown away.
  public var warmUpCount = 0
  /// Whether the work had become steady by then; if not, the time for the warm-up was over.
  public var isSteady = false
  /// Pages that were touched for the first time while sampling, a call; of this process alone.
  public var pageFaultsPerCall = 0.0

  /// Nothing is measured yet.
  public init() {}

  /// The samples of several rounds as one.
  mutating func append(_ other: Samples) {
    let (mine, others) = (Double(seconds.count), Double(other.seconds.count))
    pageFaultsPerCall =
      (pageFaultsPerCall * mine + other.pageFaultsPerCall * others) / max(1, mine + others)
    isSteady = (isSteady || seconds.isEmpty) && other.isSteady
    callsPerSample = other.callsPerSample
    seconds += other.seconds
    warmUpCount += other.warmUpCount
  }
}
