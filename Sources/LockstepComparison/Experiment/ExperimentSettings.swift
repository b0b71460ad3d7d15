public import LockstepBackends

/// What an experiment is asked for.
public struct ExperimentSettings: Sendable {
  /// What each training's randomness is a function of.
  public var seeds: [UInt64]
  /// How long it may take, in seconds.
  public var budgetSeconds: Double
  /// The CPU that workers see.
  public var profile: CPUProfile
  /// The translators, the first one being what the report is about.
  public var translators: [Translator]
  /// Threads of every engine; nil for all processors.
  public var threads: Int?

  /// Creates settings.
  public init(
    seeds: [UInt64] = [0, 1, 2], budgetSeconds: Double = 300, profile: CPUProfile = .rosetta2Launch,
    translators: [Translator] = [.qemu], threads: Int? = nil
  ) {
    self.seeds = seeds
    self.budgetSeconds = budgetSeconds
    self.profile = profile
    self.translators = translators
    self.threads = threads
  }
}
