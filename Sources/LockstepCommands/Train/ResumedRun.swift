import Lockstep
import LockstepTraining

extension TrainingConfiguration {
  /// The configuration of a run that goes on: what it was, and what of the options may change.
  ///
  /// - Throws: ``UsageError`` with everything that would make it another training.
  func resumed(_ run: String, with options: TrainOptions) throws -> TrainingConfiguration {
    var wanted = self
    try options.apply(to: &wanted)
    // A check needs operations one by one, and says so.
    let own = options.needsSingleOperations ? operationByOperation : self
    var misfits = own.misfits(of: wanted)
    if own.execution != wanted.execution {
      misfits = (misfits + own.executionDifferences(from: wanted)).sorted()
    }
    misfits += options.placingOptions.filter(\.isGiven).map { "\($0.name) can't be given" }
    guard misfits.isEmpty else {
      throw UsageError(
        "\(run) can't go on with other settings than it has: \(misfits.joined(separator: "; "))")
    }
    return wanted
  }
}

extension RunRecord {
  /// Sees that there is something left to do. A run that was killed after its last epoch still lacks its end.
  ///
  /// - Throws: ``UsageError`` if the run is over.
  func requireMore(_ run: String, _ trainer: Trainer) throws {
    guard status == .finished else { return }
    if trainer.isStoppedEarly {
      throw UsageError(
        "\(run) was ended by early stopping after epoch \(trainer.position.epoch): it is complete")
    }
    guard trainer.position.epoch < configuration.epochs else {
      throw UsageError(
        "\(run) has all of its \(trainer.position.epoch) epochs; --epochs with a higher number goes on")
    }
  }
}
