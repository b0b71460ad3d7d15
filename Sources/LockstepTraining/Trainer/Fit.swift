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
    _ = try build(input: [data.train.height, data.train.width, data.train.channels])
    initialize(seed: configuration.seed, on: device)
    return try Trainer(self, configuration, on: device).fit(data.train, test: data.test, observers: observers)
  }
}
