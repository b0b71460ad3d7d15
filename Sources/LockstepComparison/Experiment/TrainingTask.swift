public import LockstepData
public import LockstepNN
public import LockstepTraining

/// What all trainings of an experiment have in common.
public struct TrainingTask: Sendable {
  /// The images to learn from.
  public let train: ImageDataset
  /// The images to measure on.
  public let test: ImageDataset
  /// How it is trained; the seed is each training's own.
  public let configuration: TrainingConfiguration
  /// Makes a model for the images, built but not initialised.
  public let makeModel: @Sendable () throws -> Sequential
  /// The same with smooth functions in the place of those that decide, such as tanh for ReLU; nil if there are
  /// none to replace.
  public let makeSmoothModel: (@Sendable () throws -> Sequential)?

  /// Puts a task together.
  public init(
    _ data: ImageFolder, _ configuration: TrainingConfiguration,
    makeModel: @escaping @Sendable () throws -> Sequential,
    makeSmoothModel: (@Sendable () throws -> Sequential)? = nil
  ) {
    self.init(data.train, data.test, configuration, makeModel, makeSmoothModel)
  }

  private init(
    _ train: ImageDataset, _ test: ImageDataset, _ configuration: TrainingConfiguration,
    _ makeModel: @escaping @Sendable () throws -> Sequential,
    _ makeSmoothModel: (@Sendable () throws -> Sequential)?
  ) {
    self.train = train
    self.test = test
    self.configuration = configuration
    self.makeModel = makeModel
    self.makeSmoothModel = makeSmoothModel
  }

  /// The task with the smooth model, if there is one.
  var smooth: TrainingTask? {
    makeSmoothModel.map { TrainingTask(train, test, configuration, $0, nil) }
  }

  /// Steps of an epoch.
  public var stepsPerEpoch: Int {
    BatchLoader(train, batchSize: configuration.batchSize).batchCount
  }

  /// Steps of the whole training.
  public var stepCount: Int { stepsPerEpoch * configuration.epochs }

  /// No images, in the place of test images where nothing is to be measured on them.
  var noImages: ImageDataset {
    ImageDataset(
      split: .test, images: [], labels: [], height: train.height, width: train.width,
      channels: train.channels, classNames: train.classNames)
  }
}
