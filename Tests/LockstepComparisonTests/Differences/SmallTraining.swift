import Foundation
import Lockstep

/// A small net on the digits, a few images a step: quick without optimisation, too.
enum SmallTraining {
  private static let digits: ImageFolder = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    return try! ImageFolder.load(root.appending(path: "datasets/digits").standardizedFileURL.path)
  }()

  /// The training, with a learning rate.
  static func task(learningRate: Double = 0.05) -> TrainingTask {
    TrainingTask(digits, TrainingConfiguration(batchSize: 8, learningRate: learningRate)) {
      let model = Sequential {
        Conv2D(4, kernel: 3, padding: .same, activation: .relu)
        MaxPool2D(2)
        Flatten()
        Dense(160, activation: .relu)
        Dense(10)
      }
      try model.build(input: [8, 8, 1])
      return model
    }
  }

  /// A training of a net whose only ReLU is part of another operation.
  static func fusedTask(_ makeLayer: @escaping @Sendable () -> any Layer) -> TrainingTask {
    TrainingTask(digits, TrainingConfiguration(batchSize: 8, learningRate: 0.05)) {
      let model = Sequential {
        Conv2D(16, kernel: 3, padding: .same)
        makeLayer()
        Flatten()
        Dense(10)
      }
      try model.build(input: [8, 8, 1])
      return model
    }
  }

  /// What comes of the training on two backends.
  static func search(
    _ first: any Backend, _ second: any Backend, steps: Int = 2, judged: Int = 20,
    learningRate: Double = 0.05
  ) throws -> DifferenceReport {
    try DifferenceSearch(
      task(learningRate: learningRate), seed: 0, stepCount: steps, judgedStepCount: judged
    ).run(first, second)
  }
}
