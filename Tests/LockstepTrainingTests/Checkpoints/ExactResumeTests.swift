import Foundation
import Lockstep
import Testing

/// A training with everything that is kept from step to step, stopped anywhere.
@Suite("A training that goes on exactly")
struct ExactResumeTests {
  private static let train = TinyTraining.images(10)
  private static let test = TinyTraining.images(6, split: .test, seed: 2)

  /// A training, and how many batches it takes.
  struct Training: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let configuration: TrainingConfiguration
    let steps: Int

    init(
      _ description: String, batchSize: Int, epochs: Int = 3, steps: Int,
      _ change: (inout OptimizationSettings) -> Void
    ) {
      testDescription = description
      var configuration = TrainingConfiguration(
        epochs: epochs, batchSize: batchSize, learningRate: 0.1, weightDecay: 0.01, seed: 5)
      change(&configuration.optimization)
      self.configuration = configuration
      self.steps = steps
    }
  }

  private static let trainings: [Training] = [
    // Steps of two, two and one batch, so that most stops are within one.
    Training("AdamW, warm-up, cosine, average, accumulation, clipping", batchSize: 2, steps: 15) {
      $0.optimizer = .adamW(amsgrad: true)
      $0.schedule = .cosine()
      $0.warmup = Warmup(length: 2, unit: .step)
      $0.averageDecay = 0.75
      $0.accumulatedBatches = 2
      $0.clipping.norm = 0.5
    },
    Training("Lion, one cycle, groups, frozen", batchSize: 4, steps: 9) {
      $0.optimizer = .lion()
      $0.schedule = .oneCycle()
      $0.groups = [ParameterGroup(["layers.3"], learningRateFactor: 0.5, weightDecay: 0)]
      $0.frozen = ["layers.1.bias"]
    },
    // Nothing is better by 10: the rate halves after every epoch, and the third is the last.
    Training("RMSprop, plateau, early stopping", batchSize: 4, epochs: 6, steps: 9) {
      var reduction = PlateauReduction()
      (reduction.factor, reduction.patience, reduction.threshold) = (0.5, 0, 10)
      reduction.thresholdMode = .absolute
      $0.optimizer = .rmsProp(momentum: 0.5, centered: true)
      $0.schedule = .plateau(reduction)
      $0.earlyStopping = EarlyStopping(patience: 2, minimumChange: 10)
    },
  ]

  /// What came of a run: everything that must not depend on where it was interrupted.
  private struct Outcome: Equatable {
    let files: [String: [UInt8]]
    let rows: [String]
    let result: RunRecord.Result?
    let isStoppedEarly: Bool?

    init(_ folder: RunFolder) throws {
      let record = try RunRecord(in: folder)
      var files: [String: [UInt8]] = [:]
      for file in [
        folder.bestWeights, folder.finalWeights, folder.lastWeights, folder.averageWeights, folder.checkpoint,
        folder.epochs,
      ] {
        files[String(file.dropFirst(folder.path.count))] = FileManager.default.contents(atPath: file).map(
          Array.init)
      }
      self.files = files
      rows = text(of: folder.metrics).split(separator: "\n").map { row in
        row.split(separator: ",").dropLast().joined(separator: ",")
      }
      result = record.result
      isStoppedEarly = record.isStoppedEarly
    }
  }

  /// Trains in a folder from wherever it is until a step; whether it is finished.
  private static func run(
    _ training: Training, _ folder: RunFolder, _ device: Device, until step: Int = .max
  ) throws -> Bool {
    let trainer = try TinyTraining.trainer(training.configuration, on: device)
    var record = try TinyTraining.record(of: trainer, train, test)
    if folder.holdsRun {
      // Nothing of the first values may matter.
      for named in trainer.state { named.parameter.value = named.parameter.value * 0 - 7 }
      try TrainingCheckpoint(file: folder.checkpoint).restore(trainer)
      record = try RunRecord(in: folder)
    } else {
      try folder.create()
    }
    return try trainer.fit(
      train, test: test, observers: [RunRecorder(folder, record)],
      shouldStop: { trainer.position.step >= step }
    ).isFinished
  }

  private static func uninterrupted(_ training: Training, _ device: Device) throws -> Outcome {
    let temporary = TemporaryFolder()
    let folder = RunFolder(temporary.path + "/run")
    #expect(try run(training, folder, device))
    return try withExtendedLifetime(temporary) { try Outcome(folder) }
  }

  @Test(
    "stopped after any step, it ends in the same bits", arguments: TestBackend.allCases, trainings)
  func interruption(backend: TestBackend, training: Training) throws {
    let device = try backend.makeDevice()
    let expected = try Self.uninterrupted(training, device)
    #expect(expected.rows.count == training.steps + 1)
    #expect((expected.isStoppedEarly == true) == (training.configuration.optimization.earlyStopping != nil))
    for stop in 0..<training.steps {
      let temporary = TemporaryFolder()
      let folder = RunFolder(temporary.path + "/run")
      #expect(try !Self.run(training, folder, device, until: stop))
      #expect(try Self.run(training, folder, device), "after \(stop) steps")
      #expect(try Outcome(folder) == expected, "after \(stop) steps")
      withExtendedLifetime(temporary) {}
    }
  }

  @Test("killed after any step, it ends in the same bits", arguments: [nil, 1, 2, 4])
  func kill(checkpointInterval: Int?) throws {
    struct Killed: Error {}
    final class Killer: TrainingObserver {
      let step: Int
      init(_ step: Int) { self.step = step }
      func stepDidEnd(_ report: StepReport, _ trainer: Trainer) throws {
        if report.step == step { throw Killed() }
      }
    }
    var configuration = Self.trainings[0].configuration
    configuration.optimization.checkpointInterval = checkpointInterval
    let training = Training("", batchSize: 2, steps: 15) { $0 = configuration.optimization }
    let device = referenceDevice()
    let expected = try Self.uninterrupted(training, device)
    for step in 1...15 {
      let temporary = TemporaryFolder()
      let folder = RunFolder(temporary.path + "/run")
      try folder.create()
      let trainer = try TinyTraining.trainer(training.configuration, on: device)
      let record = try TinyTraining.record(of: trainer, Self.train, Self.test)
      #expect(throws: Killed.self) {
        try trainer.fit(
          Self.train, test: Self.test, observers: [RunRecorder(folder, record), Killer(step)])
      }
      let saved = try TinyTraining.trainer(training.configuration, on: device)
      try TrainingCheckpoint(file: folder.checkpoint).restore(saved)
      // At the end of an epoch all is saved after the evaluation, which the last step here did not reach.
      let last = (0...step).last { earlier in
        earlier % 5 == 0 ? earlier < step : checkpointInterval.map { earlier % $0 == 0 } ?? false
      }
      #expect(saved.position.step == last)
      #expect(try Self.run(training, folder, device))
      #expect(try Outcome(folder) == expected, "after \(step) steps")
      withExtendedLifetime(temporary) {}
    }
  }

  /// A checkpoint in the midst of the first training, changed, and what restoring it into a trainer says.
  private static func failure(
    _ change: ([Safetensors.Entry]) -> [Safetensors.Entry] = { $0 },
    _ changeSettings: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws -> String? {
    let first = try TinyTraining.trainer(trainings[0].configuration, on: referenceDevice())
    try first.fit(train, test: test, shouldStop: { first.position.step >= 8 })
    let entries = try Safetensors.decode(TrainingCheckpoint(of: first).fileContents)
    let folder = TemporaryFolder()
    try Data(Safetensors.encode(change(entries))).write(to: URL(filePath: folder.path + "/c"))
    var configuration = trainings[0].configuration
    changeSettings(&configuration)
    let second = try TinyTraining.trainer(configuration, on: referenceDevice())
    let before = try TrainingCheckpoint(of: second).fileContents
    do throws(CheckpointError) {
      try TrainingCheckpoint(file: folder.path + "/c").restore(second)
      return nil
    } catch {
      #expect(try TrainingCheckpoint(of: second).fileContents == before)
      return error.description
    }
  }

  @Test("a checkpoint of a training with other settings is refused, and they are all named")
  func otherSettings() throws {
    #expect(try Self.failure() == nil)
    #expect(
      try Self.failure {
        $0
      } _: {
        $0.optimization.checkpointInterval = 5
      } == nil)
    let message = try Self.failure {
      $0
    } _: {
      $0.seed = 6
      $0.optimization.optimizer = .sgd
      $0.optimization.warmup.length = 3
    }
    #expect(
      message
        == "the checkpoint is of a training with other settings: optimizer is adamW, not sgd; seed is 5, not 6; "
        + "warmup.length is 2, not 3")
  }

  @Test("a checkpoint that lacks something is refused")
  func incomplete() throws {
    func without(_ prefix: String) throws -> String? {
      try Self.failure { $0.filter { !$0.name.hasPrefix(prefix) } }
    }
    #expect(
      try without("average.") == "the checkpoint has no average of the weights, which the training keeps")
    #expect(
      try without("average.layers.1.bias")
        == "the weights have no parameter layers.1.bias; they are of another model")
    #expect(
      try without("optimizer.layers.1.bias.1")
        == "the optimizer's state of layers.1.bias does not fit the parameter")
    #expect(
      try without("gradient.layers.1.bias")
        == "the weights have no parameter layers.1.bias; they are of another model")
    let tooMany = try Self.failure { entries in
      entries.map { entry in
        guard entry.name == "optimizer steps" else { return entry }
        return .init(name: entry.name, spec: entry.spec, bytes: [99, 0, 0, 0, 0, 0, 0, 0])
      }
    }
    #expect(tooMany == "the checkpoint does not say how many steps the optimizer made")
  }

  @Test("a checkpoint of before there were other optimizers goes on")
  func older() throws {
    let configuration = TrainingConfiguration(epochs: 2, batchSize: 4, learningRate: 0.3, seed: 5)
    let whole = try TinyTraining.trainer(configuration, on: referenceDevice())
    try whole.fit(Self.train, test: Self.test)
    let first = try TinyTraining.trainer(configuration, on: referenceDevice())
    try first.fit(Self.train, test: Self.test, shouldStop: { first.position.step >= 2 })
    let entries = try Safetensors.decode(TrainingCheckpoint(of: first).fileContents)
      .filter { !["configuration", "optimizer steps"].contains($0.name) }
    let folder = TemporaryFolder()
    try Data(Safetensors.encode(entries)).write(to: URL(filePath: folder.path + "/c"))
    let second = try TinyTraining.trainer(configuration, on: referenceDevice())
    try TrainingCheckpoint(file: folder.path + "/c").restore(second)
    #expect(second.optimizer.stepCount == 2)
    try second.fit(Self.train, test: Self.test)
    #expect(try second.weights == whole.weights)
  }
}
