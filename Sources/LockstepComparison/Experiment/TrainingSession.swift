import LockstepCore
import LockstepData
import LockstepNN
import LockstepTraining

/// A training that is computed piece by piece, keeping its curve.
///
/// Nothing is evaluated on the way: what takes time is training alone.
final class TrainingSession {
  /// What has come of the training so far.
  private(set) var curve: TrainingCurve
  private let task: TrainingTask
  private let trainer: Trainer
  private let recorder = CurveRecorder()

  /// Begins a training on a device.
  ///
  /// - Parameter learningRate: in the place of the task's.
  init(_ task: TrainingTask, seed: UInt64, engine: String, on device: Device, learningRate: Double? = nil)
    throws
  {
    var configuration = task.configuration
    configuration.seed = seed
    configuration.learningRate = learningRate ?? configuration.learningRate
    // How long it trains is decided step by step.
    configuration.epochs = Int(Int32.max)
    self.task = task
    let model = try task.makeModel()
    model.initialize(seed: seed, on: device)
    trainer = Trainer(model, configuration, on: device)
    let weights = try ModelWeights(of: trainer.state)
    curve = TrainingCurve(
      engine: engine, seed: seed, learningRate: configuration.learningRate,
      initialWeightsDigest: "\(weights.digest)")
  }

  /// Steps done.
  var stepCount: Int { curve.losses.count }

  /// The model, with the weights it has now.
  var model: any Layer { trainer.model }

  /// Computes up to so many more steps; fewer if it is told to stop, or the loss stops being finite.
  func compute(steps: Int, until deadline: Deadline) throws {
    guard curve.failure == nil, steps > 0, !deadline.hasPassed else { return }
    let last = stepCount + steps
    recorder.begin()
    do {
      try trainer.fit(
        task.train, test: task.noImages, observers: [recorder],
        shouldStop: { [recorder, curve] in
          curve.losses.count + recorder.losses.count >= last || deadline.hasPassed
        })
    } catch let error as TrainingError {
      curve.failure = "\(error)"
    }
    curve.losses += recorder.losses
    curve.stepSeconds += recorder.seconds
  }

  /// Notes the digest of the weights as they are now.
  func noteWeights() throws {
    let digest = try ModelWeights(of: trainer.state).digest
    let noted = TrainingCurve.Weights(step: stepCount, digest: "\(digest)")
    if curve.weights.last?.step == noted.step { curve.weights.removeLast() }
    curve.weights.append(noted)
  }
}

/// Keeps losses and times of the steps since it was told to begin.
private final class CurveRecorder: TrainingObserver {
  private(set) var losses: [Float] = []
  private(set) var seconds: [Double] = []

  func begin() {
    losses = []
    seconds = []
  }

  func stepDidEnd(_ report: StepReport, _ trainer: Trainer) {
    losses.append(report.loss)
    // The first step of a piece waits for the loader to go through the epoch up to it.
    seconds.append(seconds.isEmpty ? .nan : report.seconds)
  }
}
