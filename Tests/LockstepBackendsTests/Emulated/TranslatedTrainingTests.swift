import Lockstep
import LockstepSpecification
import Testing

@Suite("Training under a translator", .enabled(if: TranslatedTests.areWanted))
struct TranslatedTrainingTests {
  /// Enough for full batches and a short one; all of the digits where everything is wanted.
  private static let imageCount = TranslatedTests.areComplete ? Int.max : 100

  @Test("three epochs end with the control's weights, bit for bit", arguments: TranslatedWorker.all)
  func weights(_ worker: TranslatedWorker) throws {
    let expected = try Self.train(on: worker.makeControl())
    #expect(try Self.train(on: worker.make()) == expected)
  }

  @Test("another seed ends with other weights, so that digests can differ")
  func digestsCanDiffer() throws {
    let worker = TranslatedWorker.qemu
    #expect(try Self.train(on: worker.makeControl(), seed: 1) != Self.train(on: worker.makeControl()))
  }

  /// Trains `models/digits-cnn.yaml`; gives the digest of the final weights.
  private static func train(on backend: EmulatedBackend, seed: UInt64 = 0) throws -> SHA256Digest {
    let specification = try ModelSpecification(contentsOf: repositoryPath("models/digits-cnn.yaml"))
    let digits = try ImageFolder.load(repositoryPath("datasets/digits"))
    let train = digits.train.every(max(1, digits.train.count / imageCount))
    let model = try specification.makeModel(classes: 10, input: [8, 8, 1])
    let device = Device(backend)
    model.initialize(seed: seed, on: device)
    let configuration = TrainingConfiguration(
      epochs: 3, batchSize: 32, learningRate: 0.05, momentum: 0.9, labelSmoothing: 0.1, seed: seed)
    let trainer = Trainer(model, configuration, on: device)
    let result = try trainer.fit(train, test: digits.test.every(50))
    #expect(result.position.epoch == 3)
    return try ModelWeights(of: trainer.parameters).digest
  }
}

extension ImageDataset {
  /// Every nth image.
  fileprivate func every(_ stride: Int) -> ImageDataset {
    let chosen = Swift.stride(from: 0, to: count, by: stride)
    return ImageDataset(
      split: split, images: chosen.flatMap { images[$0 * imageSize..<($0 + 1) * imageSize] },
      labels: chosen.map { labels[$0] }, height: height, width: width, channels: channels,
      classNames: classNames)
  }
}
