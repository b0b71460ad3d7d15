public import LockstepCore
public import LockstepData
public import LockstepNN

extension Sequential {
  /// Builds, initialises and trains the model as a classifier of a folder of images.
  ///
  /// - Throws: ``ModelError`` if the images don't fit the model, ``TrainingError`` and ``BackendError`` as
  ///   ``Trainer/fit(_:test:observers:shouldStop:)``.
  @discardableResult
  public func fit(
    _ data: ImageFolder, _ configuration: TrainingConfiguration = TrainingConfiguration(),
    on device: Device = .default, observers: [any TrainingObserver] = []
  ) throws -> TrainingResult {
    _ = try build(input: data.imageShape)
    initialize(seed: configuration.seed, on: device)
    return try Trainer(self, configuration, on: device).fit(data.train, test: data.test, observers: observers)
  }
}

extension ImageFolder {
  /// The classes, in the order of the labels.
  public var classNames: [String] { train.classNames }
  /// The shape of an image, `[height, width, channels]`: what a model is built for.
  public var imageShape: Shape { [train.height, train.width, train.channels] }
}
