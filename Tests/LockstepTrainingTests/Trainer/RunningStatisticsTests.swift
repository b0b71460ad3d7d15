import Foundation
import Lockstep
import Testing

/// What a model keeps besides its parameters goes wherever they go.
@Suite("Running statistics in a training")
struct RunningStatisticsTests {
  private static let train = TinyTraining.images(10)
  private static let configuration = TrainingConfiguration(
    epochs: 2, batchSize: 4, learningRate: 0.1, seed: 5)

  private static func model() -> Sequential {
    Sequential {
      Residual(activation: .relu) {
        Conv2D(1, kernel: 1, bias: false)
        BatchNorm(activation: .relu)
      }
      Flatten()
      BatchNorm()
      Dense(3)
    }
  }

  private static func trainer(on device: Device, threads: Int = 2) throws -> Trainer {
    try TinyTraining.trainer(configuration, on: device, model: model())
  }

  private static let names = [
    "layers.0.layers.1.runningMean", "layers.0.layers.1.runningVariance", "layers.2.runningMean",
    "layers.2.runningVariance",
  ]

  @Test(
    "they are in the weights and in the checkpoint, and no optimizer has them",
    arguments: TestBackend.allCases)
  func saved(backend: TestBackend) throws {
    let trainer = try Self.trainer(on: backend.makeDevice())
    let before = try ModelWeights(of: trainer.state)
    try trainer.fit(Self.train, test: Self.train)
    let after = try ModelWeights(of: trainer.state)
    #expect(after.entries.map(\.name).filter { $0.contains("running") } == Self.names)
    for name in Self.names {
      #expect(trainer.optimizer.state[name] == nil)
      #expect(after.entries.first { $0.name == name } != before.entries.first { $0.name == name }, "\(name)")
    }
    let checkpoint = try Safetensors.decode(TrainingCheckpoint(of: trainer).fileContents).map(\.name)
    #expect(Self.names.allSatisfy { checkpoint.contains("model.\($0)") })
  }

  @Test("a training that stops after any step and goes on has the same ones", arguments: TestBackend.allCases)
  func resumed(backend: TestBackend) throws {
    let device = try backend.makeDevice()
    let whole = try Self.trainer(on: device)
    try whole.fit(Self.train, test: Self.train)
    for stop in 1..<6 {
      let first = try Self.trainer(on: device)
      try first.fit(Self.train, test: Self.train, shouldStop: { first.position.step >= stop })
      let folder = TemporaryFolder()
      try Data(TrainingCheckpoint(of: first).fileContents).write(to: URL(filePath: folder.path + "/c"))
      let second = try Self.trainer(on: device)
      for named in second.state { named.parameter.value = named.parameter.value * 0 - 7 }
      try TrainingCheckpoint(file: folder.path + "/c").restore(second)
      try second.fit(Self.train, test: Self.train)
      #expect(try second.weights == whole.weights, "after \(stop) steps")
    }
  }

  @Test("one thread and two give the same bits")
  func threads() throws {
    let weights = try [1, 2].map { threads in
      let trainer = try Self.trainer(on: TestBackend.native.makeDevice(threads: threads))
      try trainer.fit(Self.train, test: Self.train)
      return try trainer.weights
    }
    #expect(weights[0] == weights[1])
  }

  @Test("a step that is undone for its loss undoes them, too", arguments: TestBackend.allCases)
  func undone(backend: TestBackend) throws {
    let trainer = try Self.trainer(on: backend.makeDevice())
    let bias = try #require(trainer.parameters.first { $0.name == "layers.3.bias" })
    bias.parameter.value = bias.parameter.value + Float.nan
    let before = try trainer.weights
    let error = #expect(throws: TrainingError.self) { try trainer.fit(Self.train, test: Self.train) }
    #expect(error?.description.contains("layers.3") == true)
    #expect(try trainer.weights == before)
  }

  @Test("weights without them are refused by name")
  func missing() throws {
    let trainer = try Self.trainer(on: referenceDevice())
    let folder = TemporaryFolder()
    try Data(ModelWeights(of: trainer.parameters).fileContents).write(to: URL(filePath: folder.path + "/w"))
    let error = #expect(throws: CheckpointError.self) {
      try ModelWeights(file: folder.path + "/w").load(into: trainer.state, on: trainer.device)
    }
    #expect(
      error?.description
        == "the weights have no parameter layers.0.layers.1.runningMean; they are of another model")
  }
}
