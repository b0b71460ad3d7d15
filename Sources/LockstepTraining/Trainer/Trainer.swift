public import LockstepCore
public import LockstepData
public import LockstepNN

/// Trains a classifier on images: softmax cross-entropy, stochastic gradient descent or another optimizer.
///
/// ```swift
/// let trainer = Trainer(model, TrainingConfiguration(epochs: 5), on: .native)
/// let result = try trainer.fit(digits.train, test: digits.test)
/// ```
/// The order of the images, dropout and so the whole training are a pure function of the configuration, the
/// data and the backend's arithmetic.
public final class Trainer {
  /// The model; built and initialised.
  public let model: any Layer
  /// How it is trained.
  public let configuration: TrainingConfiguration
  /// Where it is trained.
  public let device: Device
  /// What moves the parameters, with its state.
  public let optimizer: Optimizer
  /// The model's parameters that learn.
  public let parameters: [NamedParameter]
  /// The parameters, and what else the model keeps from step to step: what is saved, and undone with a step.
  public let state: [NamedParameter]
  /// How far the training is; set it, with the parameters and the optimizer's state, to go on from there.
  public var position = TrainingPosition()
  /// The average of the weights, if the settings ask for one.
  public let average: WeightAverage?
  /// What is added up of the gradients until the next step of the optimizer.
  var accumulated: Gradients?

  /// What was measured after the last completed epoch; nil before.
  public private(set) var metrics: ClassificationMetrics?

  private var observers: [any TrainingObserver] = []

  /// Creates a trainer for a model that is built and initialised on the device, and freezes what is to be frozen.
  /// Traps if the configuration makes no sense (``TrainingConfiguration/problem``) or does not fit the model
  /// (``TrainingConfiguration/problem(with:)-(Module)``), or the model has no parameters.
  public init(_ model: any Layer, _ configuration: TrainingConfiguration, on device: Device = .default) {
    let settings = configuration.optimization
    if let problem = configuration.problem { trap(problem) }
    trap(unless: !model.parameters.isEmpty, "the model has no parameters to train")
    if let problem = configuration.problem(with: model) { trap(problem) }
    // Both were checked just now.
    try! model.freeze(settings.frozen)
    let adjustments = try! settings.groups.adjustments(
      of: model.parameters, decaysVectors: settings.decaysVectors)
    self.model = model
    self.configuration = configuration
    self.device = device
    state = model.state
    parameters = model.learningParameters
    let rule = settings.optimizer.rule(
      learningRate: configuration.learningRate, weightDecay: configuration.weightDecay,
      momentum: configuration.momentum, nesterov: configuration.nesterov)
    optimizer = Optimizer(rule, adjustments: adjustments)
    average = settings.averageDecay.map(WeightAverage.init)
    if case .plateau = settings.schedule {
      position.plateau = PlateauState(learningRate: configuration.learningRate)
    }
  }

  /// Trains from ``position`` up to the configuration's last epoch and evaluates after each. Traps if the
  /// configuration does not fit the images (``TrainingConfiguration/problem(with:)-(ImageDataset)``).
  ///
  /// - Parameters:
  ///   - train: the images to learn from.
  ///   - test: the images to evaluate on.
  ///   - observers: who is told.
  ///   - shouldStop: asked before every step; if true, the training ends there.
  /// - Throws: ``TrainingError`` on a loss that is not finite, ``/LockstepCore/BackendError`` from the device,
  ///   ``/LockstepData/DatasetError`` if a streamed image can't be read any more, and what observers throw.
  @discardableResult
  public func fit(
    _ train: ImageDataset, test: ImageDataset, observers: [any TrainingObserver] = [],
    shouldStop: () -> Bool = { false }
  ) throws -> TrainingResult {
    if let problem = configuration.problem(with: train) { trap(problem) }
    self.observers = observers
    do {
      try notify { try $0.trainingWillBegin(self) }
      let result = try computeEpochs(train, test, shouldStop)
      try notify { try $0.trainingDidEnd(result, self) }
      return result
    } catch {
      for observer in observers { observer.trainingDidFail(error, self) }
      throw error
    }
  }

  private func computeEpochs(
    _ train: ImageDataset, _ test: ImageDataset, _ shouldStop: () -> Bool
  ) throws -> TrainingResult {
    let loader = BatchLoader(
      train, batchSize: configuration.batchSize, seed: configuration.seed,
      augmentation: configuration.augmentation, normalization: configuration.normalization)
    let accumulation = Accumulation(
      size: configuration.optimization.accumulatedBatches, batchSize: configuration.batchSize,
      imageCount: train.count)
    var reports: [EpochReport] = []
    while position.epoch < configuration.epochs, !isStoppedEarly {
      let isWhole = position.batch == 0
      guard let seconds = try computeSteps(loader, accumulation, shouldStop) else {
        return TrainingResult(
          isFinished: false, isStoppedEarly: false, position: position, epochs: reports)
      }
      let report = try endEpoch(test, accumulation.stepsPerEpoch, seconds: seconds, isWhole: isWhole)
      reports.append(report)
      try notify { try $0.epochDidEnd(report, self) }
    }
    return TrainingResult(
      isFinished: true, isStoppedEarly: isStoppedEarly, position: position, epochs: reports)
  }

  /// Computes the rest of the epoch and gives the seconds it took, or nil if it was asked to stop.
  private func computeSteps(
    _ loader: BatchLoader, _ accumulation: Accumulation, _ shouldStop: () -> Bool
  ) throws -> Double? {
    var total = 0.0
    let clock = ContinuousClock()
    var stepBegin = clock.now
    let batches = loader.batches(epoch: position.epoch, from: position.batch)
    while let batch = try batches.next() {
      // Asked before the step, so that a stop in the last step of all is a finish.
      if shouldStop() { return nil }
      followSchedule(accumulation.stepsPerEpoch)
      let step = try TrainingStep(batch, loader.dataset, accumulation, self).compute()
      position.batch += 1
      position.step += 1
      position.lossSum += Double(step.loss) * Double(batch.count)
      position.correctCount += step.correctCount
      position.imageCount += batch.count
      let now = clock.now
      let seconds = stepBegin.duration(to: now).seconds
      stepBegin = now
      total += seconds
      let report = StepReport(
        step: position.step, epoch: position.epoch + 1, batch: position.batch, batchCount: loader.batchCount,
        imageCount: batch.count, loss: step.loss, accuracy: Double(step.correctCount) / Double(batch.count),
        learningRate: optimizer.rule.learningRate, gradientNorm: step.gradientNorm, seconds: seconds)
      try notify { try $0.stepDidEnd(report, self) }
    }
    return total
  }

  /// Gives the optimizer the learning rate, and the momentum, of the next step.
  private func followSchedule(_ stepsPerEpoch: Int) {
    let settings = configuration.optimization
    guard settings.isScheduled else { return }
    let (stepCount, isTooMany) = configuration.epochs.multipliedReportingOverflow(by: stepsPerEpoch)
    let progress = ScheduleProgress(
      step: optimizer.stepCount, stepCount: isTooMany ? .max / 2 : stepCount, stepsPerEpoch: stepsPerEpoch)
    optimizer.rule.learningRate = settings.schedule.learningRate(
      configuration.learningRate, at: progress, after: settings.warmup, position.plateau)
    if let momentum = settings.schedule.momentum(at: progress, after: settings.warmup) {
      optimizer.rule.momentumShare = momentum
    }
  }

  private func endEpoch(
    _ test: ImageDataset, _ stepsPerEpoch: Int, seconds: Double, isWhole: Bool
  ) throws -> EpochReport {
    let metrics = try measured(test)
    self.metrics = metrics
    let evaluation = metrics.evaluation
    let averageTest = try average?.withAverage(state) { try measured(test).evaluation }
    let judged = averageTest ?? evaluation
    let settings = configuration.optimization
    let isBest = position.best.map { judged.isBetter(than: $0, by: settings.bestMetric) } ?? true
    let count = Double(position.imageCount)
    let report = EpochReport(
      epoch: position.epoch + 1, loss: position.lossSum / count,
      accuracy: Double(position.correctCount) / count, test: evaluation, averageTest: averageTest,
      isBest: isBest, seconds: seconds, imagesPerSecond: isWhole && seconds > 0 ? count / seconds : nil)
    var next = TrainingPosition()
    next.epoch = report.epoch
    next.step = position.step
    next.best = isBest ? judged : position.best
    (next.plateau, next.stopping) = (position.plateau, position.stopping)
    // The rate of a warm-up is not the plateau's.
    if case .plateau(let reduction) = settings.schedule,
      optimizer.stepCount > settings.warmup.stepCount(stepsPerEpoch: stepsPerEpoch)
    {
      next.plateau?.observe(judged.value(of: reduction.metric), reduction)
    }
    if let rule = settings.earlyStopping { next.stopping.observe(judged, rule) }
    position = next
    return report
  }

  private func measured(_ test: ImageDataset) throws -> ClassificationMetrics {
    let metrics = try measure(
      model, on: test, normalization: configuration.normalization, options: configuration.execution,
      device: device)
    let loss = metrics.evaluation.loss
    guard loss.isFinite else { throw TrainingError.testLossNotFinite(epoch: position.epoch + 1, loss: loss) }
    return metrics
  }

  /// Whether early stopping has ended the training.
  public var isStoppedEarly: Bool {
    configuration.optimization.earlyStopping.map(position.stopping.isOver) ?? false
  }

  private func notify(_ message: (any TrainingObserver) throws -> Void) throws {
    for observer in observers { try message(observer) }
  }
}

extension Duration {
  /// The duration in seconds.
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
