import LockstepData
public import LockstepTraining

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes a training as event files that `tensorboard --logdir` shows: for every step `train/loss`,
/// `train/accuracy`, `train/learning_rate` and `train/gradient_norm`, for every epoch `epoch/loss`,
/// `epoch/accuracy`, `test/loss` and `test/accuracy`, at the number of the step; where an average of the weights is
/// kept, `test/ema_loss` and `test/ema_accuracy` besides.
///
/// ```swift
/// try trainer.fit(digits.train, test: digits.test, observers: [TensorBoardWriter(folder: "runs/a/events")])
/// ```
/// Among the observers it comes before a `RunRecorder`: what a checkpoint comes after is then written when the
/// checkpoint is, and nothing is missing from a run that was killed and goes on.
///
/// A training that goes on writes a file of its own, `events.out.tfevents.<step>.<number>`, which TensorBoard
/// joins to those before it. Steps that an earlier file has beyond the point where the training goes on are computed
/// again, to the same numbers.
public final class TensorBoardWriter: TrainingObserver {
  /// Where.
  public let folder: String
  private var file: EventFile?

  /// Creates a writer for a folder, which is made when the training begins.
  public init(folder: String) { self.folder = folder }

  /// Begins a file.
  public func trainingWillBegin(_ trainer: Trainer) throws {
    file = nil
    do {
      try RunFolder(folder).create()
    } catch {
      throw TensorBoardError("\(error)")
    }
    file = try EventFile(path: unusedPath(step: trainer.position.step))
  }

  /// Adds the step's numbers, and writes all that was collected if a checkpoint is due.
  public func stepDidEnd(_ report: StepReport, _ trainer: Trainer) throws {
    try file?.append(
      [
        "train/loss": report.loss, "train/accuracy": Float(report.accuracy),
        "train/learning_rate": Float(report.learningRate), "train/gradient_norm": report.gradientNorm,
      ], step: report.step)
    if trainer.configuration.optimization.isCheckpointDue(after: report) { try file?.flush() }
  }

  /// Adds the epoch's numbers, and writes all that was collected.
  public func epochDidEnd(_ report: EpochReport, _ trainer: Trainer) throws {
    try file?.append(
      [
        "epoch/loss": Float(report.loss), "epoch/accuracy": Float(report.accuracy),
        "test/loss": Float(report.test.loss), "test/accuracy": Float(report.test.accuracy),
      ], step: trainer.position.step)
    if let average = report.averageTest {
      try file?.append(
        ["test/ema_loss": Float(average.loss), "test/ema_accuracy": Float(average.accuracy)],
        step: trainer.position.step)
    }
    try file?.flush()
  }

  /// Writes all that was collected.
  public func trainingDidEnd(_ result: TrainingResult, _ trainer: Trainer) throws { try file?.flush() }

  /// Writes what was collected, if that can be done. Of a training without a single step nothing is left.
  public func trainingDidFail(_ error: any Error, _ trainer: Trainer) {
    if let file, file.hasScalars {
      try? file.flush()
    } else {
      if let file { unlink(file.path) }
      // Only if nothing else is in it.
      rmdir(folder)
    }
  }

  /// A file that is not there. TensorBoard reads the files of a folder in the order of their names.
  private func unusedPath(step: Int) -> String {
    let digits = String(step)
    let padded = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    var number = 0
    while true {
      let path = "\(folder)/events.out.tfevents.\(padded).\(number)"
      if access(path, F_OK) != 0 { return path }
      number += 1
    }
  }
}
