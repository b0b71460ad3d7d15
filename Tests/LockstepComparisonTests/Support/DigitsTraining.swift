import Foundation
import Lockstep
import LockstepSpecification

/// Real trainings of models/digits-cnn.yaml on some of datasets/digits: 8 steps an epoch.
enum DigitsTraining {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../..").standardizedFileURL.path

  private static let digits: ImageFolder = try! ImageFolder.load("\(root)/datasets/digits")
  private static let specification = try! ModelSpecification(contentsOf: "\(root)/models/digits-cnn.yaml")

  /// Every so many-th image.
  private static func some(_ dataset: ImageDataset, every stride: Int) -> ImageDataset {
    let chosen = Swift.stride(from: 0, to: dataset.count, by: stride)
    return ImageDataset(
      split: dataset.split,
      images: chosen.flatMap { dataset.images[$0 * dataset.imageSize..<($0 + 1) * dataset.imageSize] },
      labels: chosen.map { dataset.labels[$0] }, height: dataset.height, width: dataset.width,
      channels: dataset.channels, classNames: dataset.classNames)
  }

  static let train = some(digits.train, every: 6)
  static let test = some(digits.test, every: 12)

  /// Trains into a folder, as `lockstep train` does.
  static func run(
    _ name: String, in folder: TemporaryFolder, seed: UInt64, epochs: Int = 3, on device: Device
  ) throws -> LossCurve {
    let configuration = TrainingConfiguration(
      epochs: epochs, batchSize: 32, learningRate: 0.05, momentum: 0.9, labelSmoothing: 0.1, seed: seed)
    let input: Shape = [8, 8, 1]
    let model = try specification.makeModel(classes: 10, input: input)
    _ = try model.build(input: input)
    model.initialize(seed: seed, on: device)
    let trainer = Trainer(model, configuration, on: device)
    let record = RunRecord(
      model: .init(name: "digits-cnn", inputShape: input.dimensions, parameterCount: 38_282),
      configuration: configuration,
      dataset: .init(
        path: "datasets/digits", digest: "\(train.digest)", classNames: train.classNames,
        trainCount: train.count, testCount: test.count, skippedCount: 0),
      backend: device.backend.descriptor,
      initialWeightsDigest: "\(try ModelWeights(of: trainer.parameters).digest)")
    let run = RunFolder("\(folder.path)/\(name)")
    try run.create(model: specification.source)
    try trainer.fit(train, test: test, observers: [RunRecorder(run, record)])
    return try LossCurve(run: run)
  }
}
