import Foundation
import Lockstep
import LockstepInterchange
import Testing

/// When the files are written; ``TensorBoardTests`` has TensorBoard read them.
@Suite("Event files of a training")
struct TensorBoardWriterTests {
  private let sandbox = Sandbox(hasData: false)

  private static let images = ImageDataset(
    split: .train, images: (0..<48).map { UInt8($0 * 5) }, labels: (0..<12).map { Int32($0 % 3) }, height: 2,
    width: 2, channels: 1, classNames: ["a", "b", "c"])

  /// A trainer for two epochs of six steps, with a checkpoint after the fourth and the eighth.
  private static func trainer() throws -> Trainer {
    let model = Sequential {
      Flatten()
      Dense(3)
    }
    _ = try model.build(input: [2, 2, 1])
    let device = Device(ReferenceBackend())
    model.initialize(seed: 1, on: device)
    var configuration = TrainingConfiguration(epochs: 2, batchSize: 2)
    configuration.optimization.checkpointInterval = 4
    return Trainer(model, configuration, on: device)
  }

  /// How often a name is in the folder's event files.
  private func count(_ name: String) throws -> Int {
    try sandbox.everything.filter { $0.contains("tfevents") }.map {
      String(decoding: try sandbox.bytes($0), as: Unicode.ASCII.self).components(separatedBy: name).count - 1
    }.reduce(0, +)
  }

  /// Stands where a recorder does.
  private final class Checkpoints: TrainingObserver {
    private let count: (String) throws -> Int
    var written: [[Int]] = []

    init(_ count: @escaping (String) throws -> Int) { self.count = count }

    func stepDidEnd(_ report: StepReport, _ trainer: Trainer) throws {
      if [4, 8].contains(report.step) { try look(report.step) }
    }

    func epochDidEnd(_ report: EpochReport, _ trainer: Trainer) throws { try look(trainer.position.step) }

    private func look(_ step: Int) throws {
      written.append([step, try count("train/loss"), try count("test/loss")])
    }
  }

  @Test("when a checkpoint is saved, every step and epoch before it is in the file")
  func complete() throws {
    let checkpoints = Checkpoints(count)
    try Self.trainer().fit(
      Self.images, test: Self.images,
      observers: [TensorBoardWriter(folder: sandbox.path + "/events"), checkpoints])
    #expect(checkpoints.written == [[4, 4, 0], [6, 6, 1], [8, 8, 1], [12, 12, 2]])
  }

  @Test("a training that can't begin leaves none, and what was in the folder")
  func nothing() throws {
    struct NotToday: Error {}
    final class Refusing: TrainingObserver {
      func trainingWillBegin(_ trainer: Trainer) throws { throw NotToday() }
    }
    let before = sandbox.everything
    func begin() {
      #expect(throws: NotToday.self) {
        try Self.trainer().fit(
          Self.images, test: Self.images,
          observers: [TensorBoardWriter(folder: sandbox.path + "/events"), Refusing()])
      }
    }
    begin()
    #expect(sandbox.everything == before)
    sandbox.write([1], to: "events/mine")
    begin()
    #expect(sandbox.everything == (before + ["events", "events/mine"]).sorted())
  }
}
