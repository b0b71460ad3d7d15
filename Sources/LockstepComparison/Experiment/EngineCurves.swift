import LockstepCore
import LockstepTraining

/// An engine's trainings, one for each seed.
public struct EngineCurves: Codable, Hashable, Sendable {
  /// The engine.
  public var engine: String
  /// Steps that there was time for, by the speed of the first ones.
  public var plannedSteps: Int
  /// Steps that were wanted.
  public var wantedSteps: Int
  /// The trainings, in the order of the seeds.
  public var curves: [TrainingCurve]

  /// The fewest steps a training has.
  public var shortest: Int { curves.map(\.losses.count).min() ?? 0 }

  /// Whether any training is shorter than wanted: for want of time, or because its loss stopped being finite.
  public var isCut: Bool { shortest < wantedSteps }
}

extension EngineCurves {
  /// The first steps of a seed's training, as a comparison wants them.
  ///
  /// - Parameter experiment: says what all trainings have in common.
  func lossCurve(
    seed: UInt64, steps: Int, _ experiment: ExperimentRecord, _ backend: BackendDescriptor?
  ) -> LossCurve? {
    guard let curve = curves.first(where: { $0.seed == seed }), steps <= curve.losses.count else {
      return nil
    }
    var configuration = experiment.configuration
    configuration.seed = seed
    var record = RunRecord(
      model: experiment.model, configuration: configuration, dataset: experiment.dataset,
      backend: backend
        ?? BackendDescriptor(name: engine, architecture: "unknown", isaLevel: "unknown", threads: 1),
      initialWeightsDigest: curve.initialWeightsDigest)
    record.status = .finished
    record.stepCount = steps
    if let digest = curve.digest(at: steps) { record.result = RunRecord.Result(weightsDigest: digest) }
    return LossCurve(
      "\(engine), seed \(seed)", seed: seed, steps: (0..<steps).map { $0 + 1 },
      losses: curve.losses.prefix(steps).map(Double.init), record: record)
  }
}
