import LockstepBackends
public import LockstepCore
import LockstepNN
import LockstepTraining

/// A training on two backends in lockstep, to find where they part.
///
/// The training goes by the first backend's numbers. Each instruction is computed by the second one from the
/// first one's inputs, too, which shows what one operation does, and in a stream of its own, which shows what
/// becomes of it.
public struct DifferenceSearch {
  /// What is trained.
  public let task: TrainingTask
  /// What the initial weights, the order of the images and dropout are a function of.
  public let seed: UInt64
  /// How many steps are computed.
  public let stepCount: Int
  /// How many steps, from the first, are held against the exact results; the first always is.
  public let judgedStepCount: Int

  /// Puts a search together.
  public init(_ task: TrainingTask, seed: UInt64, stepCount: Int, judgedStepCount: Int) {
    self.task = task
    self.seed = seed
    self.stepCount = stepCount
    self.judgedStepCount = max(1, min(judgedStepCount, stepCount))
  }

  /// Trains.
  ///
  /// - Parameters:
  ///   - progress: is told after every step.
  ///   - shouldStop: asked before every step; if true, the report is about the steps before.
  /// - Returns: what was found; a training whose loss stops being finite ends there, and the report says so.
  /// - Throws: ``/LockstepCore/BackendError``, saying whose failure it is, and what making the model throws.
  public func run(
    _ first: any Backend, _ second: any Backend, progress: (DifferenceReport) -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws -> DifferenceReport {
    let finder = DifferenceFinder(
      DifferenceReport(
        first: first.descriptor, second: second.descriptor, seed: seed, plannedStepCount: stepCount,
        judgedStepCount: judgedStepCount))
    let device = Device(LockstepBackend(first, second, observer: finder))
    // Operations that stand for several would hide which of them differs first.
    var configuration = task.configuration.operationByOperation
    configuration.seed = seed
    configuration.epochs = Int(Int32.max)
    let model = try task.makeModel()
    model.initialize(seed: seed, on: device)
    let trainer = Trainer(model, configuration, on: device)
    var failure: String?
    do {
      try trainer.fit(
        task.train, test: task.noImages,
        shouldStop: {
          if trainer.position.step > 0 { progress(finder.report) }
          if trainer.position.step >= stepCount || shouldStop() { return true }
          finder.beginStep()
          return false
        })
    } catch let error as TrainingError {
      failure = "\(error)"
    }
    var report = finder.report
    report.failure = failure
    return report
  }
}
