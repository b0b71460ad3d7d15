import Foundation
import Lockstep
import Testing

@Suite("Training checkpoints")
struct TrainingCheckpointTests {
  private static let train = TinyTraining.images(10)
  private static let test = TinyTraining.images(6, split: .test, seed: 2)
  /// Three steps an epoch, the last of two images; nine steps.
  private static let configuration = TrainingConfiguration(
    epochs: 3, batchSize: 4, learningRate: 0.3, momentum: 0.9, nesterov: true, weightDecay: 0.01,
    labelSmoothing: 0.1, seed: 5)

  /// What came of a run: everything that must not depend on where it was interrupted.
  private struct Outcome: Equatable {
    var weights: String
    var best: [UInt8]
    var final: [UInt8]
    var rows: [String]
    var result: RunRecord.Result?
    var steps: Int

    init(_ folder: RunFolder) throws {
      let record = try RunRecord(in: folder)
      weights = record.result?.weightsDigest ?? ""
      best = contents(of: folder.bestWeights)
      final = contents(of: folder.finalWeights)
      rows = text(of: folder.metrics).split(separator: "\n").map { row in
        row.split(separator: ",").dropLast().joined(separator: ",")
      }
      result = record.result
      steps = record.stepCount
    }
  }

  /// Trains in a folder from wherever it is, for at most so many steps; whether it is finished.
  private static func run(_ folder: RunFolder, _ device: Device, steps: Int = .max) throws -> Bool {
    let trainer = try TinyTraining.trainer(configuration, on: device)
    var record = try TinyTraining.record(of: trainer, train, test)
    if folder.holdsRun {
      // Nothing of the first values may matter.
      for named in trainer.parameters { named.parameter.value = named.parameter.value * 0 - 7 }
      try TrainingCheckpoint(file: folder.checkpoint).restore(trainer)
      record = try RunRecord(in: folder)
    } else {
      try folder.create()
    }
    let first = trainer.position.step
    return try trainer.fit(
      train, test: test, observers: [RunRecorder(folder, record)],
      shouldStop: { trainer.position.step - first >= steps }
    ).isFinished
  }

  private static func uninterrupted(_ device: Device) throws -> Outcome {
    let temporary = TemporaryFolder()
    let folder = RunFolder(temporary.path + "/run")
    #expect(try run(folder, device))
    return try withExtendedLifetime(temporary) { try Outcome(folder) }
  }

  @Test("a training interrupted after any step ends in the same bits", arguments: TestBackend.allCases)
  func interruption(backend: TestBackend) throws {
    let device = try backend.makeDevice()
    let expected = try Self.uninterrupted(device)
    #expect(expected.rows.count == 10)
    #expect(expected.steps == 9)
    for stop in 0..<9 {
      let temporary = TemporaryFolder()
      let folder = RunFolder(temporary.path + "/run")
      #expect(try !Self.run(folder, device, steps: stop))
      #expect(try RunRecord(in: folder).status == .interrupted)
      #expect(try RunRecord(in: folder).stepCount == stop)
      #expect(try Self.run(folder, device), "after \(stop) steps")
      #expect(try Outcome(folder) == expected, "after \(stop) steps")
      withExtendedLifetime(temporary) {}
    }
  }

  @Test("a training interrupted after every step ends in the same bits")
  func everyStep() throws {
    let device = referenceDevice()
    let temporary = TemporaryFolder()
    let folder = RunFolder(temporary.path + "/run")
    var runs = 1
    while try !Self.run(folder, device, steps: 1) { runs += 1 }
    #expect(runs == 9)
    #expect(try Outcome(folder) == Self.uninterrupted(device))
    withExtendedLifetime(temporary) {}
  }

  @Test("a training that was killed goes on from its last save and ends in the same bits")
  func kill() throws {
    struct Killed: Error {}
    final class Killer: TrainingObserver {
      func stepDidEnd(_ report: StepReport, _ trainer: Trainer) throws {
        if report.step == 5 { throw Killed() }
      }
    }
    let device = referenceDevice()
    let temporary = TemporaryFolder()
    let folder = RunFolder(temporary.path + "/run")
    try folder.create()
    let trainer = try TinyTraining.trainer(Self.configuration, on: device)
    let record = try TinyTraining.record(of: trainer, Self.train, Self.test)
    #expect(throws: Killed.self) {
      try trainer.fit(
        Self.train, test: Self.test, observers: [RunRecorder(folder, record), Killer()])
    }
    #expect(try RunRecord(in: folder).stepCount == 3)
    #expect(try Self.run(folder, device))
    #expect(try Outcome(folder) == Self.uninterrupted(device))
    withExtendedLifetime(temporary) {}
  }

  @Test("a checkpoint of another model is refused, and the trainer stays as it was")
  func otherModel() throws {
    let device = referenceDevice()
    let folder = TemporaryFolder()
    let file = folder.path + "/c"
    let other = try TinyTraining.trainer(Self.configuration, on: device, model: TinyTraining.model(hidden: 6))
    try other.fit(Self.train, test: Self.test)
    try Data(TrainingCheckpoint(of: other).fileContents).write(to: URL(filePath: file))

    let trainer = try TinyTraining.trainer(Self.configuration, on: device)
    let before = try trainer.weights
    let error = #expect(throws: CheckpointError.self) { try TrainingCheckpoint(file: file).restore(trainer) }
    #expect(error?.description.contains("layers.1.weight") == true)
    #expect(try trainer.weights == before)
    #expect(trainer.position == TrainingPosition())
    #expect(trainer.optimizer.state.isEmpty)
  }

  @Test("weights alone are no checkpoint")
  func weightsAlone() throws {
    let folder = TemporaryFolder()
    let trainer = try TinyTraining.trainer(Self.configuration, on: referenceDevice())
    try Data(trainer.weights).write(to: URL(filePath: folder.path + "/w"))
    let error = #expect(throws: CheckpointError.self) {
      try TrainingCheckpoint(file: folder.path + "/w").restore(trainer)
    }
    #expect(error?.description == "the checkpoint does not say how far the training was")
  }

  @Test("a checkpoint with impossible counts is refused", arguments: [-1, Int64.max])
  func counts(count: Int64) throws {
    let folder = TemporaryFolder()
    let trainer = try TinyTraining.trainer(Self.configuration, on: referenceDevice())
    let good = try Safetensors.decode(TrainingCheckpoint(of: trainer).fileContents)
    let bad = good.map { entry in
      guard entry.name == "position.counters" else { return entry }
      let bytes = withUnsafeBytes(of: count.littleEndian, Array.init) + entry.bytes.dropFirst(8)
      return Safetensors.Entry(name: entry.name, spec: entry.spec, bytes: bytes)
    }
    try Data(Safetensors.encode(bad)).write(to: URL(filePath: folder.path + "/c"))
    #expect(throws: CheckpointError.self) {
      try TrainingCheckpoint(file: folder.path + "/c").restore(trainer)
    }
  }
}
