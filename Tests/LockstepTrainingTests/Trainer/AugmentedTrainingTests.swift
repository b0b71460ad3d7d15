import Lockstep
import Testing

@Suite("Trainings with varied images")
struct AugmentedTrainingTests {
  private static let train = TinyTraining.images(10)
  private static let test = TinyTraining.images(6, split: .test, seed: 2)
  private static let configuration = TrainingConfiguration(
    epochs: 3, batchSize: 4, learningRate: 0.2, labelSmoothing: 0.1, seed: 5,
    augmentation: Augmentation(crop: 1, flip: .horizontal, rotation: 10, erasing: 0.5, mixup: 0.4, cutmix: 1),
    normalization: try! Normalization(measuring: train), classWeights: [1, 2, 0.5])

  /// The losses of all steps.
  private final class Losses: TrainingObserver {
    var all: [Float] = []

    func stepDidEnd(_ report: StepReport, _ trainer: Trainer) { all.append(report.loss) }
  }

  private static func losses(
    _ configuration: TrainingConfiguration = configuration, on device: Device = referenceDevice()
  ) throws -> (losses: [Float], weights: [UInt8]) {
    let trainer = try TinyTraining.trainer(configuration, on: device)
    let losses = Losses()
    try trainer.fit(train, test: test, observers: [losses])
    return (losses.all, try trainer.weights)
  }

  @Test("stopped after any step and gone on with, a training ends with the same bits")
  func resumed() throws {
    let whole = try Self.losses()
    for stop in 1..<9 {
      let first = try TinyTraining.trainer(Self.configuration, on: referenceDevice())
      let losses = Losses()
      try first.fit(
        Self.train, test: Self.test, observers: [losses], shouldStop: { first.position.step >= stop })
      let checkpoint = try TrainingCheckpoint(of: first)
      let second = try TinyTraining.trainer(Self.configuration, on: referenceDevice())
      try checkpoint.restore(second)
      try second.fit(Self.train, test: Self.test, observers: [losses])
      #expect(losses.all == whole.losses)
      #expect(try second.weights == whole.weights)
    }
  }

  @Test("the number of threads changes no bit")
  func threads() throws {
    let one = try Self.losses(on: TestBackend.native.makeDevice(threads: 1))
    let two = try Self.losses(on: TestBackend.native.makeDevice(threads: 2))
    #expect(one.weights == two.weights)
  }

  @Test("every setting makes another training")
  func settings() throws {
    let plain = TrainingConfiguration(epochs: 3, batchSize: 4, learningRate: 0.2, seed: 5)
    func weights(_ change: (inout TrainingConfiguration) throws -> Void) throws -> [UInt8] {
      var configuration = plain
      try change(&configuration)
      return try Self.losses(configuration).weights
    }
    let all = try [
      weights { _ in }, weights { $0.augmentation.crop = 1 }, weights { $0.augmentation.flip = .vertical },
      weights { $0.augmentation.rotation = 20 }, weights { $0.augmentation.brightness = 0.5 },
      weights { $0.augmentation.contrast = 0.5 }, weights { $0.augmentation.erasing = 1 },
      weights { $0.augmentation.mixup = 1 }, weights { $0.augmentation.cutmix = 1 },
      weights { $0.normalization = try Normalization(measuring: Self.train) },
      weights { $0.classWeights = [1, 2, 3] },
    ]
    #expect(Set(all).count == all.count)
  }

  @Test("class weights that are all alike change the loss by rounding alone")
  func equalWeights() throws {
    let plain = TrainingConfiguration(epochs: 1, batchSize: 4, learningRate: 1e-6, labelSmoothing: 0.1)
    var weighted = plain
    weighted.classWeights = [3, 3, 3]
    for (a, b) in zip(try Self.losses(plain).losses, try Self.losses(weighted).losses) {
      #expect(abs(a - b) < 1e-6)
    }
  }

  @Test("test images are normalised and not varied")
  func evaluation() throws {
    let device = referenceDevice()
    let trainer = try TinyTraining.trainer(Self.configuration, on: device)
    let result = try trainer.fit(Self.train, test: Self.test)
    let normalization = try #require(Self.configuration.normalization)
    let found = try evaluate(trainer.model, on: Self.test, normalization: normalization, device: device)
    #expect(found == result.epochs.last?.test)
    var samples = Self.test.images.map { Float($0) / 255 }
    normalization.apply(to: &samples)
    let logits = trainer.model(Tensor(samples, shape: [6, 2, 2, 1], on: device))
    let losses = logits.softmaxCrossEntropy(labels: Tensor(Self.test.labels, on: device))
    #expect(try abs(Double(losses.mean().item()) - found.loss) < 1e-6)
  }

  @Test("settings that don't fit the images are named")
  func problems() {
    func problem(_ change: (inout TrainingConfiguration) -> Void) -> String? {
      var configuration = TrainingConfiguration()
      change(&configuration)
      return configuration.problem ?? configuration.problem(with: Self.train)
    }
    #expect(problem { $0.classWeights = [1, 2] } == "there are 2 class weights for 3 classes")
    #expect(
      problem { $0.classWeights = [1, -1, 2] } == "a class weight must be a number of at least 0, not -1.0")
    #expect(
      problem { $0.classWeights = [0, 0, 0] } == "one class must have a weight above 0 at least")
    #expect(
      problem { $0.augmentation.crop = 2 }
        == "a crop's padding of 2 would leave nothing of images of 2x2")
    #expect(
      problem { $0.normalization = Normalization(mean: [0, 0], standardDeviation: [1, 1]) }
        == "the normalisation has 2 means and 2 deviations, the images have 1 channels")
  }
}
