import LockstepCore
public import LockstepTraining

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What an experiment was about and what came of it: all the figures of a report.
public struct ExperimentRecord: Codable, Hashable, Sendable {
  /// How far an experiment came.
  public enum Status: String, Codable, Sendable {
    /// To its end.
    case finished
    /// Until it was asked to stop.
    case interrupted
  }

  /// A part, after it.
  public struct Part: Codable, Hashable, Sendable {
    /// Which.
    public var part: ExperimentPart
    /// Seconds it was given.
    public var budgetSeconds: Double
    /// Seconds it took.
    public var seconds: Double
    /// Why there is no result, or only part of one; nil if nothing is missing.
    public var note: String?
  }

  private static let formatVersion = 1

  /// The version of this format.
  public var formatVersion = ExperimentRecord.formatVersion
  /// How far it came.
  public var status = Status.finished
  /// When it began, in ISO 8601.
  public var startedAt: String
  /// The program.
  public var lockstepVersion: String
  /// What was trained.
  public var model: RunRecord.Model
  /// How.
  public var configuration: TrainingConfiguration
  /// On what.
  public var dataset: RunRecord.Dataset
  /// What each training's randomness is a function of.
  public var seeds: [UInt64]
  /// How long it might take, in seconds.
  public var budgetSeconds: Double
  /// How long it took, in seconds.
  public var seconds = 0.0
  /// The parts that were begun.
  public var parts: [Part] = []
  /// Everything that computed, or could not.
  public var engines: [EngineRecord] = []
  /// Why a step takes longer elsewhere, for each translator.
  public var times: [TimeFactors] = []
  /// Trainings of each seed, for each engine.
  public var curves: [EngineCurves] = []
  /// What the trainings say when held against each other.
  public var comparisons: [CurveJudgement] = []
  /// What changes bits, and what changes time.
  public var square: AttributionSquare?
  /// What the numerical experiments found.
  public var mechanisms: MechanismFindings?
  /// How roundings grow.
  public var chaos: Chaos?
  /// How often trainings fail, and on what engine.
  public var divergence: Divergence?

  /// Begins a record.
  public init(
    model: RunRecord.Model, configuration: TrainingConfiguration, dataset: RunRecord.Dataset,
    settings: ExperimentSettings
  ) {
    startedAt = Date().formatted(.iso8601)
    lockstepVersion = LockstepVersion.current
    self.model = model
    self.configuration = configuration
    self.dataset = dataset
    seeds = settings.seeds
    budgetSeconds = settings.budgetSeconds
  }

  /// The table of mechanisms, as far as it can be filled.
  public var mechanismRows: [MechanismRow] {
    let numerical = mechanisms.map(MechanismTable.rows) ?? []
    return numerical + [
      MechanismTable.chaos(chaos), MechanismTable.fates(divergence), MechanismTable.failureRate(divergence),
    ]
  }

  /// The record as JSON, keys sorted.
  public var json: String { JSON.encode(self) }
}
