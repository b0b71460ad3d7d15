import Foundation
import Lockstep
import Testing

@Suite("Trainer")
struct TrainerTests {
  /// A rate so small that float32 weights stay what they are.
  private static let still = 1e-30

  /// Images of one pixel p with labels; logits are (0, p / 255).
  private static func dataset(_ pixels: [UInt8], _ labels: [Int32], split: Split = .train) -> ImageDataset {
    ImageDataset(
      split: split, images: pixels, labels: labels, height: 1, width: 1, channels: 1,
      classNames: ["no", "yes"])
  }

  private static func trainer(_ configuration: TrainingConfiguration, on device: Device) throws -> Trainer {
    let dense = Dense(2)
    let model = Sequential([Flatten(), dense])
    _ = try model.build(input: [1, 1, 1])
    model.initialize(seed: 0, on: device)
    dense.weight!.value = Tensor([0, 1] as [Float], shape: [1, 2], on: device)
    return Trainer(model, configuration, on: device)
  }

  /// log(1 + eˣ) − y·x: the cross-entropy of logits (0, x) by pencil and paper.
  private static func loss(_ pixel: UInt8, _ label: Int32) -> Double {
    let x = Double(pixel) / 255
    return log(1 + exp(x)) - Double(label) * x
  }

  /// What an observer is told, in order.
  private final class Log: TrainingObserver {
    var events: [String] = []
    var steps: [StepReport] = []
    var epochs: [EpochReport] = []

    func trainingWillBegin(_ trainer: Trainer) { events.append("begin") }

    func stepDidEnd(_ report: StepReport, _ trainer: Trainer) {
      steps.append(report)
      events.append(
        "step \(report.step), epoch \(report.epoch), batch \(report.batch) of \(report.batchCount), "
          + "\(report.imageCount) images, position \(trainer.position.epoch).\(trainer.position.batch)")
    }

    func epochDidEnd(_ report: EpochReport, _ trainer: Trainer) {
      epochs.append(report)
      events.append("epoch \(report.epoch), position \(trainer.position.epoch).\(trainer.position.batch)")
    }

    func trainingDidEnd(_ result: TrainingResult, _ trainer: Trainer) {
      events.append("end \(result.isFinished) \(result.position.step)")
    }

    func trainingDidFail(_ error: any Error, _ trainer: Trainer) { events.append("fail \(error)") }
  }

  @Test("observers hear of everything in order, with the right numbers")
  func observers() throws {
    let log = Log()
    let second = Log()
    let trainer = try Self.trainer(.init(epochs: 2, batchSize: 2, learningRate: 0.1), on: referenceDevice())
    let data = Self.dataset([10, 20, 30], [0, 1, 0])
    let result = try trainer.fit(data, test: data, observers: [log, second])
    #expect(
      log.events == [
        "begin",
        "step 1, epoch 1, batch 1 of 2, 2 images, position 0.1",
        "step 2, epoch 1, batch 2 of 2, 1 images, position 0.2",
        "epoch 1, position 1.0",
        "step 3, epoch 2, batch 1 of 2, 2 images, position 1.1",
        "step 4, epoch 2, batch 2 of 2, 1 images, position 1.2",
        "epoch 2, position 2.0",
        "end true 4",
      ])
    #expect(second.events == log.events)
    #expect(result.isFinished && result.epochs == log.epochs && result.position.epoch == 2)
    #expect(log.steps.allSatisfy { $0.learningRate == 0.1 && $0.seconds > 0 })
  }

  @Test("an observer's error ends the training, and all observers hear of it")
  func observerFails() throws {
    struct Refusal: Error {}
    final class Refuser: TrainingObserver {
      func stepDidEnd(_ report: StepReport, _ trainer: Trainer) throws { throw Refusal() }
    }
    let log = Log()
    let data = Self.dataset([1, 2], [0, 1])
    let trainer = try Self.trainer(.init(epochs: 1, batchSize: 1), on: referenceDevice())
    #expect(throws: Refusal.self) { try trainer.fit(data, test: data, observers: [log, Refuser()]) }
    #expect(log.events.last == "fail Refusal()")
    #expect(log.events.count == 3)
  }

  @Test("loss, accuracy and gradient norm of a step are those by hand", arguments: TestBackend.allCases)
  func stepNumbers(backend: TestBackend) throws {
    let pixels: [UInt8] = [0, 51, 102, 204, 255]
    let labels: [Int32] = [0, 1, 1, 0, 1]
    let log = Log()
    let trainer = try Self.trainer(
      .init(epochs: 1, batchSize: 99, learningRate: Self.still), on: backend.makeDevice())
    try trainer.fit(Self.dataset(pixels, labels), test: Self.dataset([], [], split: .test), observers: [log])

    let step = try #require(log.steps.first)
    #expect(log.steps.count == 1, "a batch larger than the data set is the data set")
    let losses = zip(pixels, labels).map(Self.loss)
    #expect(abs(Double(step.loss) - losses.reduce(0, +) / 5) < 1e-6)
    // Equal logits count for the first class, otherwise the second one is larger.
    #expect(step.accuracy == 4.0 / 5)
    // dz = softmax − target is ∓d for the two classes; the weight's gradient is its mean times the pixel.
    let d = zip(pixels, labels).map { 1 / (1 + exp(-Double($0) / 255)) - Double($1) }
    let weight = zip(pixels, d).map { Double($0) / 255 * $1 }.reduce(0, +) / 5
    let bias = d.reduce(0, +) / 5
    #expect(abs(Double(step.gradientNorm) - (2 * weight * weight + 2 * bias * bias).squareRoot()) < 1e-6)
  }

  @Test("a step moves the weights by the learning rate times the gradient", arguments: TestBackend.allCases)
  func update(backend: TestBackend) throws {
    let trainer = try Self.trainer(
      .init(epochs: 1, batchSize: 1, learningRate: 0.5, momentum: 0.9), on: backend.makeDevice())
    try trainer.fit(Self.dataset([102], [0]), test: Self.dataset([], []))
    // One step, so the momentum has nothing yet.
    let p = 1 / (1 + exp(-0.4))
    let expected = [0.5 * p * 0.4, 1 - 0.5 * p * 0.4, 0.5 * p, -0.5 * p]
    let values = try trainer.parameters.flatMap { try $0.parameter.value.scalars(as: Float.self) }
    #expect(zip(values, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 }, "\(values) \(expected)")
  }

  @Test("an epoch's loss and accuracy weigh every image equally, also those of a short last batch")
  func epochNumbers() throws {
    // No pixel of 0: even the stillest step moves a bias of 0, and would break the tie.
    let pixels: [UInt8] = [5, 40, 80, 120, 160, 200, 240]
    let labels: [Int32] = [1, 0, 1, 0, 1, 1, 1]
    let log = Log()
    let trainer = try Self.trainer(
      .init(epochs: 1, batchSize: 3, learningRate: Self.still), on: referenceDevice())
    try trainer.fit(Self.dataset(pixels, labels), test: Self.dataset([], []), observers: [log])
    let report = try #require(log.epochs.first)
    #expect(log.steps.map(\.imageCount) == [3, 3, 1])
    let losses = zip(pixels, labels).map(Self.loss)
    #expect(abs(report.loss - losses.reduce(0, +) / 7) < 1e-6)
    #expect(report.accuracy == 5.0 / 7)
    // Nothing to test on: no loss, nothing right.
    #expect(report.test.loss == 0 && report.test.accuracy == 0 && report.test.count == 0)
    #expect(abs(report.seconds - log.steps.map(\.seconds).reduce(0, +)) < 1e-9)
    #expect(abs(try #require(report.imagesPerSecond) * report.seconds - 7) < 1e-6)
  }

  @Test("evaluation over several batches is the one by hand", arguments: TestBackend.allCases)
  func evaluation(backend: TestBackend) throws {
    let count = 600
    let pixels = (0..<count).map { UInt8(($0 * 37) % 256) }
    let labels = (0..<count).map { Int32(($0 / 3) % 2) }
    let device = try backend.makeDevice()
    let trainer = try Self.trainer(.init(), on: device)
    let result = try evaluate(trainer.model, on: Self.dataset(pixels, labels, split: .test), device: device)
    #expect(result.count == count)
    #expect(result.correctCount == zip(pixels, labels).count { $1 == ($0 > 0 ? 1 : 0) })
    #expect(abs(result.loss - zip(pixels, labels).map(Self.loss).reduce(0, +) / 600) < 1e-6)
    #expect(result.accuracy == Double(result.correctCount) / 600)
  }

  @Test("probabilities are the softmax of the logits")
  func probabilities() throws {
    let device = referenceDevice()
    let trainer = try Self.trainer(.init(), on: device)
    let images = Tensor([0, 1] as [Float], shape: [2, 1, 1, 1], on: device)
    let rows = try predictProbabilities(trainer.model, images)
    #expect(rows[0] == [0.5, 0.5])
    #expect(abs(Double(rows[1][1]) - 1 / (1 + exp(-1.0))) < 1e-6)
  }

  @Test("a separable set is learnt", arguments: TestBackend.allCases)
  func learns(backend: TestBackend) throws {
    let log = Log()
    let trainer = try TinyTraining.trainer(
      .init(epochs: 20, batchSize: 8, learningRate: 0.1, seed: 3), on: backend.makeDevice())
    try trainer.fit(
      TinyTraining.images(60), test: TinyTraining.images(30, split: .test, seed: 2), observers: [log])
    #expect(log.epochs.last!.loss < log.epochs.first!.loss / 2)
    #expect(log.epochs.last!.test.accuracy == 1)
  }

  @Test("the best epoch has more right, or as many with a lower loss")
  func best() throws {
    let log = Log()
    let trainer = try TinyTraining.trainer(
      .init(epochs: 25, batchSize: 5, learningRate: 0.4, momentum: 0.5, seed: 1), on: referenceDevice())
    try trainer.fit(
      TinyTraining.images(30), test: TinyTraining.images(24, split: .test, seed: 2), observers: [log])
    var best: EpochReport?
    for report in log.epochs {
      let isBetter =
        best.map { old in
          report.test.accuracy == old.test.accuracy
            ? report.test.loss < old.test.loss : report.test.accuracy > old.test.accuracy
        } ?? true
      #expect(report.isBest == isBetter, "epoch \(report.epoch)")
      if isBetter { best = report }
    }
    let ties = zip(log.epochs, log.epochs.dropFirst()).count { $0.test.accuracy == $1.test.accuracy }
    #expect(ties > 0, "the case is never met")
    #expect(Set(log.epochs.dropFirst().map(\.isBest)).count == 2, "the case is never met")
    #expect(trainer.position.best == best?.test)
  }

  @Test("of equal epochs the first is the best")
  func tie() throws {
    let log = Log()
    let data = Self.dataset([10, 20], [0, 1])
    let trainer = try Self.trainer(
      .init(epochs: 3, batchSize: 2, learningRate: Self.still), on: referenceDevice())
    try trainer.fit(data, test: data, observers: [log])
    #expect(Set(log.epochs.map(\.test)).count == 1)
    #expect(log.epochs.map(\.isBest) == [true, false, false])
  }

  @Test("a training that is asked to stop ends before the next step", arguments: [0, 1, 2, 3])
  func stop(after count: Int) throws {
    let log = Log()
    let data = Self.dataset([1, 2, 3], [0, 1, 0])
    let trainer = try Self.trainer(.init(epochs: 2, batchSize: 2), on: referenceDevice())
    let result = try trainer.fit(
      data, test: data, observers: [log], shouldStop: { trainer.position.step >= count })
    #expect(!result.isFinished && log.steps.count == count && result.position.step == count)
    #expect(log.events.last == "end false \(count)")
  }

  @Test("asked to stop in the last step of all, a training is finished")
  func stopAtEnd() throws {
    let data = Self.dataset([1, 2, 3], [0, 1, 0])
    let trainer = try Self.trainer(.init(epochs: 2, batchSize: 2), on: referenceDevice())
    let result = try trainer.fit(data, test: data, shouldStop: { trainer.position.step >= 4 })
    #expect(result.isFinished && result.epochs.count == 2)
  }

  @Test("speed is not told of an epoch that was begun in an earlier run")
  func partialEpoch() throws {
    let data = Self.dataset([1, 2, 3], [0, 1, 0])
    let trainer = try Self.trainer(.init(epochs: 2, batchSize: 2), on: referenceDevice())
    try trainer.fit(data, test: data, shouldStop: { trainer.position.step >= 1 })
    let result = try trainer.fit(data, test: data)
    #expect(result.epochs.map { $0.imagesPerSecond == nil } == [true, false])
    #expect(result.epochs.map(\.epoch) == [1, 2])
  }

  @Test("the same configuration gives the same weights, another seed others; threads don't matter")
  func determinism() throws {
    func weights(seed: UInt64, on device: Device) throws -> [UInt8] {
      let trainer = try TinyTraining.trainer(.init(epochs: 2, batchSize: 7, seed: seed), on: device)
      try trainer.fit(TinyTraining.images(20), test: TinyTraining.images(3))
      return try trainer.weights
    }
    let first = try weights(seed: 1, on: TestBackend.native.makeDevice(threads: 1))
    #expect(try weights(seed: 1, on: TestBackend.native.makeDevice(threads: 2)) == first)
    #expect(try weights(seed: 2, on: TestBackend.native.makeDevice(threads: 1)) != first)
  }
}
