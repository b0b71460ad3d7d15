import LockstepCore
import LockstepData
import LockstepNN

/// One step of a training: forward, backward, update, and the numbers reported of it.
struct TrainingStep {
  struct Outcome {
    let loss: Float
    let gradientNorm: Float
    let correctCount: Int

    fileprivate init(_ numbers: [Float]) {
      loss = numbers[0]
      gradientNorm = numbers[1]
      correctCount = Int(numbers[2])
    }
  }

  private let batch: HostBatch
  private let imageShape: Shape
  private let classCount: Int
  private let trainer: Trainer
  /// The share of the batch in the gradient of the optimizer's next step, and that of all so far; nil where every
  /// batch has a step of its own.
  private let shares: (own: Double, soFar: Double)?
  /// Whether the optimizer makes its step after this batch.
  private let endsStep: Bool

  init(_ batch: HostBatch, _ dataset: ImageDataset, _ accumulation: Accumulation, _ trainer: Trainer) {
    self.batch = batch
    self.trainer = trainer
    classCount = dataset.classNames.count
    shares = accumulation.size > 1 ? accumulation.shares(trainer.position.batch) : nil
    endsStep = accumulation.endsStep(trainer.position.batch)
    imageShape = [batch.count, dataset.height, dataset.width, dataset.channels]
  }

  /// Computes the step.
  ///
  /// - Throws: ``TrainingError/notFinite(step:epoch:loss:gradientNorm:finding:)``, or
  ///   ``BackendError/faultyOperation(_:)`` with the step, with the model and the optimizer as they were
  ///   before it.
  func compute() throws -> Outcome {
    var before: TrainingMoment? = TrainingMoment(of: trainer)
    let (loss, gradients, correct) = valueAndGradient(trainer.configuration, on: trainer.device)
    let sum = trainer.accumulated.map { $0 + gradients } ?? gradients
    let norm = self.norm(of: sum)
    let numbers = try undoing(before) { () throws(BackendError) in
      // One download for the three numbers: under a translator each costs a round trip.
      try Tensor.stack([loss, norm, correct]).scalars(as: Float.self)
    }
    guard numbers[0].isFinite, numbers[1].isFinite else {
      before?.restore(trainer)
      throw TrainingError.notFinite(
        step: trainer.position.step + 1, epoch: trainer.position.epoch + 1, loss: numbers[0],
        gradientNorm: numbers[1], finding: try findFirstNonFinite())
    }
    guard endsStep else {
      trainer.accumulated = sum
      return Outcome(numbers)
    }
    if trainer.device.backend.updatesInPlace {
      // The old weights' memory is the new ones', once nobody keeps them.
      before = nil
      update(sum, norm)
    } else {
      update(sum, norm)
      try undoing(before) { () throws(BackendError) in try trainer.device.synchronize() }
    }
    return Outcome(numbers)
  }

  /// Waits for the device, and undoes the step if an operation of it was found to be faulty.
  private func undoing<Result>(
    _ before: TrainingMoment?, _ wait: () throws(BackendError) -> Result
  ) throws(BackendError) -> Result {
    do throws(BackendError) {
      return try wait()
    } catch {
      guard case .faultyOperation(var fault) = error else { throw error }
      before?.restore(trainer)
      fault.step = trainer.position.step + 1
      throw BackendError.faultyOperation(fault)
    }
  }

  /// Moves the parameters along the gradients, and the average behind them.
  private func update(_ gradients: Gradients, _ norm: Tensor) {
    let clipping = trainer.configuration.optimization.clipping
    // The norm of gradients that are clipped by value first is another one.
    let clipped = Origin.$current.withValue(Origin(phase: .update)) {
      gradients.clipped(clipping, norm: clipping.value == nil ? norm : nil)
    }
    trainer.optimizer.update(trainer.parameters, with: clipped)
    trainer.accumulated = nil
    trainer.average?.update(trainer.state)
  }

  private func valueAndGradient(
    _ configuration: TrainingConfiguration, on device: Device
  ) -> (loss: Tensor, Gradients, correct: Tensor) {
    let images = Tensor(batch.pixels, shape: imageShape, on: device)
    let labels = Tensor(batch.labels, on: device)
    let (_, gradients, (loss, logits)) = LockstepNN.valueAndGradient(with: trainer.parameters) {
      let context = ForwardContext.training(
        step: trainer.position.step, seed: configuration.seed,
        options: configuration.execution)
      let logits = trainer.model(images, context)
      let loss = Origin.$current.withValue(Origin(layer: "loss")) {
        self.loss(of: logits, labels, configuration)
      }
      // The gradients of the small batches add up to that of the large one.
      return (shares.map { loss * $0.own } ?? loss, (loss, logits))
    }
    let correct = Origin.$current.withValue(Origin(layer: "metrics")) {
      countCorrect(logits, leadingLabels ?? labels)
    }
    return (loss.detached(), gradients, correct)
  }

  /// The mean loss of the batch; with targets in the place of labels where images are mixed or classes weighted.
  private func loss(of logits: Tensor, _ labels: Tensor, _ configuration: TrainingConfiguration) -> Tensor {
    guard batch.mixture != nil || configuration.classWeights != nil else {
      return softmaxCrossEntropy(logits, labels, labelSmoothing: configuration.labelSmoothing)
    }
    let targets = SoftTargets(
      classCount: classCount, labelSmoothing: configuration.labelSmoothing,
      classWeights: configuration.classWeights)
    return softmaxCrossEntropy(
      logits, targets: Tensor(targets.values(of: batch), shape: [batch.count, classCount], on: logits.device))
  }

  /// Of images that are mixed, the classes that have the larger share.
  private var leadingLabels: Tensor? {
    guard let mixture = batch.mixture, mixture.share < 0.5 else { return nil }
    return Tensor(mixture.labels, on: trainer.device)
  }

  /// Computes the step once more, operation by operation, looking at every result.
  private func findFirstNonFinite() throws -> NonFiniteProbe.Finding? {
    let originals = trainer.state.map(\.parameter.value)
    defer { for (named, value) in zip(trainer.state, originals) { named.parameter.value = value } }
    let probe = NonFiniteProbe(trainer.device.backend)
    let device = Device(probe)
    for (named, value) in zip(trainer.state, originals) {
      named.parameter.value = try Safetensors.Entry(name: named.name, value).tensor(on: device)
    }
    let (_, gradients, _) = valueAndGradient(trainer.configuration.operationByOperation, on: device)
    _ = norm(of: gradients)
    return probe.finding
  }

  private func norm(of gradients: Gradients) -> Tensor {
    Origin.$current.withValue(Origin(layer: "metrics")) {
      let norm = gradients.globalNorm()
      // Of the mean over the images so far.
      return shares.map { norm / $0.soFar } ?? norm
    }
  }
}

/// How many rows of the logits have their largest element at the label, a float32 scalar.
func countCorrect(_ logits: Tensor, _ labels: Tensor) -> Tensor {
  (logits.detached().argMax() == labels.asType(.int64)).asType(.float32).sum()
}
