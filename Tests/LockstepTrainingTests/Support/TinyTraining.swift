import Lockstep

/// Trainings of a few milliseconds.
enum TinyTraining {
  /// Images of 2×2 pixels in three classes: class i is bright at pixel i, and everything else is noise.
  static func images(_ count: Int, split: Split = .train, seed: UInt64 = 1) -> ImageDataset {
    var random = RandomStream(seed: seed, purpose: .shuffle, index: 0)
    var pixels: [UInt8] = []
    let labels = (0..<count).map { Int32($0 % 3) }
    for label in labels {
      for pixel in 0..<4 {
        pixels.append(UInt8(random.next(below: 60) + (pixel == Int(label) ? 190 : 0)))
      }
    }
    return ImageDataset(
      split: split, images: pixels, labels: labels, height: 2, width: 2, channels: 1,
      classNames: ["a", "b", "c"])
  }

  /// A model with dropout, so that a training that goes on must have its random numbers again.
  static func model(hidden: Int = 5) -> Sequential {
    Sequential {
      Flatten()
      Dense(hidden, activation: .relu)
      Dropout(0.25)
      Dense(3)
    }
  }

  /// A trainer of a model that is built and initialised.
  static func trainer(
    _ configuration: TrainingConfiguration, on device: Device, model: Sequential = TinyTraining.model()
  ) throws -> Trainer {
    _ = try model.build(input: [2, 2, 1])
    model.initialize(seed: configuration.seed, on: device)
    return Trainer(model, configuration, on: device)
  }

  /// The record of a run that has not begun.
  static func record(of trainer: Trainer, _ train: ImageDataset, _ test: ImageDataset) throws -> RunRecord {
    RunRecord(
      model: .init(name: "tiny", inputShape: [2, 2, 1], parameterCount: 43),
      configuration: trainer.configuration,
      dataset: .init(
        path: "nowhere", digest: "\(train.digest)", classNames: train.classNames, trainCount: train.count,
        testCount: test.count, skippedCount: 0),
      backend: trainer.device.backend.descriptor,
      initialWeightsDigest: "\(try ModelWeights(of: trainer.state).digest)")
  }
}

/// The backends a training must be the same on.
enum TestBackend: String, CaseIterable, Sendable {
  case reference
  case native

  func makeDevice(threads: Int = 2) throws -> Device {
    switch self {
    case .reference: Device(ReferenceBackend())
    case .native: Device(try NativeBackend(threads: threads))
    }
  }
}

/// A device that computes slowly and exactly.
func referenceDevice() -> Device { Device(ReferenceBackend()) }

extension Trainer {
  /// The bytes of all parameters.
  var weights: [UInt8] { get throws { try ModelWeights(of: state).fileContents } }
}
