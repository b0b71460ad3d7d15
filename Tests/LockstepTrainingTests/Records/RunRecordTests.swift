import Foundation
import Lockstep
import Testing

@Suite("Run record")
struct RunRecordTests {
  private static let data = TinyTraining.images(6)

  /// The record of a finished run, and the folder it is in.
  private static func finished() throws -> (RunRecord, RunFolder, TemporaryFolder) {
    let temporary = TemporaryFolder()
    let folder = RunFolder(temporary.path + "/run")
    try folder.create()
    let trainer = try TinyTraining.trainer(.init(epochs: 3, batchSize: 4), on: referenceDevice())
    let recorder = RunRecorder(folder, try TinyTraining.record(of: trainer, data, data))
    try trainer.fit(data, test: data, observers: [recorder])
    return (recorder.record, folder, temporary)
  }

  /// Every path to a value that is no object.
  private static func paths(of value: Any, _ path: String = "") -> Set<String> {
    guard let object = value as? [String: Any] else { return [path] }
    return object.reduce(into: []) {
      $0.formUnion(paths(of: $1.value, path.isEmpty ? $1.key : "\(path).\($1.key)"))
    }
  }

  @Test("exactly these names are in run.json")
  func names() throws {
    let (record, folder, temporary) = try Self.finished()
    let object = try JSONSerialization.jsonObject(with: Data(contents(of: folder.record)))
    #expect(
      Self.paths(of: object) == [
        "formatVersion", "status", "startedAt", "lockstepVersion", "initialWeightsDigest", "stepCount",
        "firstStepSeconds",
        "epochCount", "model.name", "model.inputShape", "model.parameterCount", "configuration.epochs",
        "configuration.batchSize", "configuration.learningRate", "configuration.momentum",
        "configuration.nesterov", "configuration.weightDecay", "configuration.labelSmoothing",
        "configuration.augmentation.crop", "configuration.augmentation.flip",
        "configuration.augmentation.rotation", "configuration.augmentation.brightness",
        "configuration.augmentation.contrast", "configuration.augmentation.erasing",
        "configuration.augmentation.mixup", "configuration.augmentation.cutmix",
        "configuration.seed", "configuration.fusesOperations", "configuration.convolution",
        "configuration.optimization.warmup.length", "configuration.optimization.warmup.unit",
        "configuration.optimization.warmup.factor", "configuration.optimization.accumulatedBatches",
        "configuration.optimization.frozen", "configuration.optimization.groups",
        "configuration.optimization.decaysVectors", "configuration.optimization.bestMetric",
        "dataset.path", "dataset.digest", "dataset.classNames", "dataset.trainCount",
        "dataset.testCount", "dataset.skippedCount", "backend.name", "backend.architecture",
        "backend.blasCore", "backend.blasLibrary", "backend.isaLevel", "backend.threads",
        "backend.translator", "result.weightsDigest", "result.testAccuracy", "result.testLoss",
        "result.trainLoss", "result.trainAccuracy", "result.bestTestAccuracy", "timing.secondsPerEpoch",
        "timing.imagesPerSecond", "timing.epochSeconds",
        "metrics.macroAverage.precision", "metrics.macroAverage.recall", "metrics.macroAverage.f1",
        "metrics.macroAverage.support", "metrics.weightedAverage.precision",
        "metrics.weightedAverage.recall", "metrics.weightedAverage.f1", "metrics.weightedAverage.support",
        "metrics.perClass", "metrics.calibrationError", "metrics.confusionMatrix",
      ])
    #expect(text(of: folder.record) == record.json + "\n")
    withExtendedLifetime(temporary) {}
  }

  @Test("its values are those of the run")
  func values() throws {
    let (record, folder, temporary) = try Self.finished()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(contents(of: folder.record))) as? [String: Any])
    let result = try #require(object["result"] as? [String: Any])
    let timing = try #require(object["timing"] as? [String: Any])
    let backend = try #require(object["backend"] as? [String: Any])
    #expect(object["status"] as? String == "finished")
    #expect(object["stepCount"] as? Int == 6 && object["epochCount"] as? Int == 3)
    #expect(backend["name"] as? String == "reference" && backend["threads"] as? Int == 1)
    #expect(result["weightsDigest"] as? String == "\(SHA256Digest(of: contents(of: folder.finalWeights)))")
    #expect(contents(of: folder.finalWeights) == contents(of: folder.lastWeights))
    let seconds = try #require(timing["epochSeconds"] as? [Double])
    #expect(seconds.count == 3)
    #expect(timing["secondsPerEpoch"] as? Double == seconds.sorted()[1])
    #expect(abs(try #require(timing["imagesPerSecond"] as? Double) - 6 / seconds.sorted()[1]) < 1e-6)
    #expect(record.startedAt.hasSuffix("Z") && record.startedAt.count == 20)
    withExtendedLifetime(temporary) {}
  }

  @Test("a record reads back as it was")
  func roundTrip() throws {
    let (record, folder, temporary) = try Self.finished()
    #expect(try RunRecord(in: folder) == record)
    withExtendedLifetime(temporary) {}
  }

  @Test("numbers that are not finite read back")
  func notFinite() throws {
    var (record, folder, temporary) = try Self.finished()
    record.result?.testLoss = .infinity
    try record.json.write(toFile: folder.record, atomically: true, encoding: .utf8)
    #expect(try RunRecord(in: folder) == record)
    record.result?.testLoss = .nan
    try record.json.write(toFile: folder.record, atomically: true, encoding: .utf8)
    #expect(try RunRecord(in: folder).result?.testLoss.isNaN == true)
    withExtendedLifetime(temporary) {}
  }

  @Test("a folder without a run says so")
  func missing() {
    let folder = RunFolder("/nowhere/at/all/")
    #expect(folder.path == "/nowhere/at/all")
    let error = #expect(throws: RunFolderError.self) { try RunRecord(in: folder) }
    #expect(
      error?.description
        == "/nowhere/at/all holds no run: run.json can't be read: No such file or directory")
  }

  @Test("a record that is cut off anywhere is refused")
  func truncated() throws {
    let (record, folder, temporary) = try Self.finished()
    for count in stride(from: 0, to: record.json.utf8.count - 1, by: 7) {
      try String(record.json.prefix(count)).write(toFile: folder.record, atomically: true, encoding: .utf8)
      let error = #expect(throws: RunFolderError.self) { try RunRecord(in: folder) }
      #expect(error?.description == "\(folder.record) is not the record of a run")
    }
    withExtendedLifetime(temporary) {}
  }

  @Test("a record with values no run has is refused with the reason")
  func impossible() throws {
    let (good, folder, temporary) = try Self.finished()
    func problem(_ change: (inout RunRecord) -> Void) throws -> String? {
      var record = good
      change(&record)
      try record.json.write(toFile: folder.record, atomically: true, encoding: .utf8)
      do {
        _ = try RunRecord(in: folder)
        return nil
      } catch {
        return error.description
      }
    }
    let prefix = "\(folder.record) is not the record of a run: "
    #expect(try problem { _ in } == nil)
    #expect(try problem { $0.formatVersion = 2 } == prefix + "it has format 2, this Lockstep reads format 1")
    for shape in [[], [8], [8, 8], [8, 8, 0], [-8, 8, 1], [8, 8, 1, 1], [1 << 40, 1 << 40, 1]] {
      #expect(try problem { $0.model.inputShape = shape } == prefix + "its images can't be \(shape)")
    }
    #expect(try problem { $0.dataset.classNames = [] } == prefix + "it has no classes")
    #expect(
      try problem { $0.configuration.batchSize = 0 } == prefix + "the batch size must be at least 1, not 0")
    withExtendedLifetime(temporary) {}
  }
}
