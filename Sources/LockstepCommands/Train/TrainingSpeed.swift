import Lockstep
import LockstepData
import LockstepSpecification

/// How fast a backend trains a model: what the speed of another one, or of a profiled training, is compared with.
final class TrainingSpeed: TrainingObserver {
  /// Steps that are not counted: the first ones meet cold caches and fresh memory.
  private static let warmUpSteps = 3
  /// The measurement ends after so many seconds.
  private static let longest = 3.0

  private var imageCount = 0
  private var seconds = 0.0
  private var total = 0.0

  /// Trains a model of its own for a moment, and forgets it.
  ///
  /// - Returns: training images a second, nil if there were too few steps to tell.
  static func measure(
    _ specification: ModelSpecification, _ data: ImageFolder, _ configuration: TrainingConfiguration,
    on backend: any Backend
  ) throws -> Double? {
    let input: Shape = [data.train.height, data.train.width, data.train.channels]
    let model = try specification.makeModel(classes: data.train.classNames.count, input: input)
    let device = Device(backend)
    model.initialize(seed: configuration.seed, on: device)
    let speed = TrainingSpeed()
    do {
      try Trainer(model, configuration, on: device).fit(
        data.train, test: data.test, observers: [speed], shouldStop: { speed.total >= longest })
    } catch is TrainingError {
      // A training that leaves the numbers is for the run itself to report.
    }
    return speed.seconds > 0 ? Double(speed.imageCount) / speed.seconds : nil
  }

  func stepDidEnd(_ report: StepReport, _ trainer: Trainer) {
    total += report.seconds
    guard report.step > Self.warmUpSteps else { return }
    imageCount += report.imageCount
    seconds += report.seconds
  }
}
