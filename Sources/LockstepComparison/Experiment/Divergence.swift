/// How often trainings fail where the learning rate is almost too large, and whether that depends on what
/// computes them.
public struct Divergence: Codable, Hashable, Sendable {
  /// A learning rate that was tried.
  public struct Trial: Codable, Hashable, Sendable {
    /// The learning rate.
    public var learningRate: Double
    /// Trainings with it, each of another seed.
    public var count: Int
    /// How many failed.
    public var failedCount: Int

    /// The share that failed.
    public var share: Double { Double(failedCount) / Double(max(1, count)) }
  }

  /// What became of an engine's trainings.
  public struct Fates: Codable, Hashable, Sendable {
    /// The engine.
    public var engine: String
    /// Whether it is translated.
    public var isTranslated: Bool
    /// The seeds that were trained, in order.
    public var seeds: [UInt64]
    /// Those of them that failed.
    public var failed: [UInt64]
    /// The share that failed.
    public var share: Double
    /// The 95 % interval of the share of all seeds that would fail (Clopper and Pearson): its lower end.
    public var lower: Double
    /// Its upper end.
    public var upper: Double
  }

  /// The fates of the seeds that two engines both trained.
  public struct Pair: Codable, Hashable, Sendable {
    /// An engine.
    public var first: String
    /// Another.
    public var second: String
    /// Seeds that both trained.
    public var seedCount: Int
    /// Seeds that failed with the first alone.
    public var onlyFirst: Int
    /// Seeds that failed with the second alone.
    public var onlySecond: Int
    /// Seeds whose losses have the same bits throughout.
    public var identicalCount: Int
    /// How probable it is that the seeds whose fate changes are as one-sided, if both fail equally often
    /// (McNemar's exact test).
    public var pValue: Double
    /// The second's share of failures less the first's: a 95 % interval, given how many seeds change fate.
    public var lower: Double
    /// Its upper end.
    public var upper: Double

    /// Seeds that fail with one and not with the other.
    public var changedCount: Int { onlyFirst + onlySecond }
  }

  /// The learning rates that were tried on the way, in that order.
  public var trials: [Trial]
  /// The learning rate of the trainings.
  public var learningRate: Double
  /// Steps of each training.
  public var stepCount: Int
  /// A training failed if a loss was not finite, or if the mean of its last losses is above this one.
  public var lossLimit: Double
  /// The engines.
  public var fates: [Fates]
  /// Each engine against the first; of translated ones, also against the one with the same kernels.
  public var pairs: [Pair]
}

extension Divergence.Fates {
  /// Counts an engine's failures; there must be a training.
  init(_ engine: String, isTranslated: Bool, _ outcomes: [DivergenceOutcome]) {
    self.engine = engine
    self.isTranslated = isTranslated
    seeds = outcomes.map(\.seed)
    failed = outcomes.filter(\.hasFailed).map(\.seed)
    let interval = Proportions.interval(failed.count, of: seeds.count)
    share = Double(failed.count) / Double(seeds.count)
    (lower, upper) = (interval.lowerBound, interval.upperBound)
  }
}

extension Divergence.Pair {
  /// Compares the fates of seeds that both trained; nil if there are none.
  init?(
    _ first: (name: String, outcomes: [DivergenceOutcome]),
    _ second: (name: String, outcomes: [DivergenceOutcome])
  ) {
    let others = Dictionary(second.outcomes.map { ($0.seed, $0) }) { first, _ in first }
    let both = first.outcomes.compactMap { own in others[own.seed].map { (own, $0) } }
    guard !both.isEmpty else { return nil }
    self.first = first.name
    self.second = second.name
    seedCount = both.count
    onlyFirst = both.count { $0.0.hasFailed && !$0.1.hasFailed }
    onlySecond = both.count { !$0.0.hasFailed && $0.1.hasFailed }
    identicalCount = both.count { $0.0.digest == $0.1.digest }
    pValue = Proportions.mcNemar(onlyFirst: onlyFirst, onlySecond: onlySecond)
    let changed = onlyFirst + onlySecond
    guard changed > 0 else {
      // No seed changes fate: of all seeds at most so many do.
      let most = Proportions.interval(0, of: seedCount).upperBound
      (lower, upper) = (-most, most)
      return
    }
    let share = Proportions.interval(onlySecond, of: changed)
    let scale = Double(changed) / Double(seedCount)
    (lower, upper) = ((2 * share.lowerBound - 1) * scale, (2 * share.upperBound - 1) * scale)
  }
}

/// What became of a training.
struct DivergenceOutcome: Hashable, Sendable {
  let seed: UInt64
  let hasFailed: Bool
  /// Of all losses.
  let digest: String
}
