import LockstepCore
import LockstepData
import LockstepNN

/// Writes a training into its folder as it goes: record, metrics, weights, checkpoint.
///
/// A run goes on from its checkpoint. So observers that keep files of their own come before the recorder: what they
/// wrote of a step is then there when the checkpoint is, wherever the process ends.
public final class RunRecorder: TrainingObserver {
  /// Where.
  public let folder: RunFolder
  /// What has been recorded so far.
  public private(set) var record: RunRecord
  private var metrics: MetricsFile?
  private var epochs: EpochsFile?
  private var hasBegun = false

  /// Creates a recorder for a folder that exists. A record of the same folder goes on with its run.
  public init(_ folder: RunFolder, _ record: RunRecord) {
    self.folder = folder
    self.record = record
  }

  /// Begins the metrics, or goes on with them, saves a new run's first weights, and records that the run is
  /// under way. So a run goes on from wherever it is stopped, and a folder with a record has everything.
  public func trainingWillBegin(_ trainer: Trainer) throws {
    metrics = try MetricsFile(path: folder.metrics, keepingRowsThrough: trainer.position.step)
    epochs = try EpochsFile(
      path: folder.epochs, hasAverage: trainer.average != nil, keepingRowsThrough: trainer.position.epoch)
    record.status = .running
    record.failure = nil
    record.faultyOperation = nil
    if trainer.position.step == 0 {
      let weights = try ModelWeights(of: trainer.state)
      // A record says that there is something to go on from.
      try folder.write(TrainingCheckpoint(of: trainer).fileContents, to: folder.checkpoint)
      try save(trainer, weights)
    } else {
      try writeRecord()
    }
    hasBegun = true
  }

  /// Adds a row to the metrics, notes how long a user waited for the first, and saves a checkpoint if one is due.
  public func stepDidEnd(_ report: StepReport, _ trainer: Trainer) throws {
    if report.step == 1 { record.firstStepSeconds = ProcessAge.seconds }
    try metrics?.append(report)
    guard trainer.configuration.optimization.isCheckpointDue(after: report) else { return }
    try metrics?.flush()
    try folder.write(TrainingCheckpoint(of: trainer).fileContents, to: folder.checkpoint)
  }

  /// Saves weights, checkpoint and record.
  public func epochDidEnd(_ report: EpochReport, _ trainer: Trainer) throws {
    let weights = try ModelWeights(of: trainer.state)
    record.add(report)
    try epochs?.append(report, step: trainer.position.step)
    record.metrics = trainer.metrics.map {
      RunMetrics($0, classNames: record.dataset.classNames, matrixLimit: RunMetrics.matrixLimit)
    }
    let average = try averageWeights(trainer)
    record.result = RunRecord.Result(
      weightsDigest: "\(weights.digest)", testAccuracy: report.test.accuracy, testLoss: report.test.loss,
      trainLoss: report.loss, trainAccuracy: report.accuracy,
      bestTestAccuracy: trainer.position.best?.accuracy ?? report.test.accuracy)
    record.result?.averageWeightsDigest = average.map { "\($0.digest)" }
    record.result?.averageTestAccuracy = report.averageTest?.accuracy
    record.result?.averageTestLoss = report.averageTest?.loss
    if report.isBest { try folder.write((average ?? weights).fileContents, to: folder.bestWeights) }
    try save(trainer, weights)
  }

  /// Saves all, and the final weights if the training is finished.
  public func trainingDidEnd(_ result: TrainingResult, _ trainer: Trainer) throws {
    let weights = try ModelWeights(of: trainer.state)
    if result.isFinished { try folder.write(weights.fileContents, to: folder.finalWeights) }
    record.status = result.isFinished ? .finished : .interrupted
    record.isStoppedEarly = result.isStoppedEarly ? true : nil
    try save(trainer, weights)
  }

  /// Records why the run failed; weights and checkpoint stay those of the last save. Of a run that could not
  /// begin nothing is left.
  public func trainingDidFail(_ error: any Error, _ trainer: Trainer) {
    guard hasBegun else { return folder.removeUnlessRun() }
    // What failed may be the disk itself: the error that ended the training is the one to report.
    try? metrics?.flush()
    record.status = .failed
    record.failure = "\(error)"
    if case .faultyOperation(let fault) = error as? BackendError { record.faultyOperation = fault }
    try? writeRecord()
  }

  /// Saves weights, record and, at last, the checkpoint: what was written after the checkpoint that a run goes on
  /// from is written again, what was written before it is not.
  private func save(_ trainer: Trainer, _ weights: ModelWeights) throws {
    try metrics?.flush()
    try epochs?.flush()
    try folder.write(weights.fileContents, to: folder.lastWeights)
    if let average = try averageWeights(trainer) {
      try folder.write(average.fileContents, to: folder.averageWeights)
    }
    record.stepCount = trainer.position.step
    record.epochCount = trainer.position.epoch
    try writeRecord()
    try folder.write(TrainingCheckpoint(of: trainer).fileContents, to: folder.checkpoint)
  }

  /// The average of the weights, where the training keeps one.
  private func averageWeights(_ trainer: Trainer) throws -> ModelWeights? {
    try trainer.average?.withAverage(trainer.state) { () throws(BackendError) in
      try ModelWeights(of: trainer.state)
    }
  }

  private func writeRecord() throws {
    try folder.write(Array((record.json + "\n").utf8), to: folder.record)
  }
}
