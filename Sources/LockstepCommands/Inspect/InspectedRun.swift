import Lockstep
import LockstepCore
import LockstepData
import LockstepReports
import LockstepTraining

/// What is known of a run.
struct InspectedRun {
  private let folder: RunFolder
  private let record: RunRecord
  private let curve: LossCurve?
  private let files: [File]

  /// A file of the run.
  private struct File: Encodable {
    let name: String
    let byteCount: Int
  }

  /// Reads the record of a run, and its curve if there is one.
  ///
  /// - Throws: ``RunFolderError`` if the folder holds no run.
  init(_ folder: RunFolder) throws {
    self.folder = folder
    record = try RunRecord(in: folder)
    curve = try? LossCurve(run: folder)
    let names = (try? Folder(listing: folder.path))?.files ?? []
    files = names.compactMap { name in
      (try? FileReader.size(of: "\(folder.path)/\(name)")).map { File(name: name, byteCount: $0) }
    }
  }

  /// The facts, a line each, with the losses as a small curve.
  func text(on terminal: Terminal) -> String {
    var facts = Facts(terminal)
    facts.add("run", folder.path)
    facts.add("status", status)
    facts.add("started", "\(record.startedAt), by Lockstep \(record.lockstepVersion)")
    addSubject(to: &facts)
    addOutcome(to: &facts)
    addCurve(to: &facts, terminal)
    facts.add(
      "files", files.map { "\($0.name) (\(NumberFormat.byteCount($0.byteCount)))" }.joined(separator: ", "))
    for (index, command) in commands.enumerated() { facts.add(index == 0 ? "next" : "", command) }
    return facts.text
  }

  private func addSubject(to facts: inout Facts) {
    let (model, data) = (record.model, record.dataset)
    let shape = model.inputShape.map(String.init).joined(separator: "x")
    facts.add(
      "model", "\(model.name), images \(shape), \(NumberFormat.grouped(model.parameterCount)) parameters")
    facts.add(
      "data",
      "\(data.path): \(data.classNames.count) classes, \(NumberFormat.grouped(data.trainCount)) to train, "
        + "\(NumberFormat.grouped(data.testCount)) to test")
    facts.add("backend", record.backend.summary)
    facts.add("training", settings)
  }

  /// The settings that every training has, and those that not all have. `--json` lists all.
  private var settings: String {
    let always: Set = ["batch size", "epochs", "learning rate", "momentum", "seed"]
    let usual = Set(SettingList(TrainingConfiguration()).settings)
    // What moves the weights has words of its own, and a momentum is SGD's.
    let isSGD = record.configuration.optimization.optimizer == .sgd
    let words = OptimizationText(record.configuration)
    let others = SettingList(record.configuration).settings
      .filter { always.contains($0.name) || !usual.contains($0) }
      .filter { !$0.name.hasPrefix("optimization ") && (isSGD || $0.name != "momentum") }
      .map { "\($0.name) \($0.value)" }
    return ((isSGD ? [] : [words.optimizer]) + others + words.extras).joined(separator: ", ")
  }

  private func addOutcome(to facts: inout Facts) {
    if let failure = record.failure { facts.add("failure", failure) }
    if let result = record.result {
      facts.add(
        "result",
        "test accuracy \(NumberFormat.fixed(result.testAccuracy, 4)) "
          + "(best \(NumberFormat.fixed(result.bestTestAccuracy, 4))), "
          + "test loss \(NumberFormat.fixed(result.testLoss, 4)), "
          + "training accuracy \(NumberFormat.fixed(result.trainAccuracy, 4)), "
          + "training loss \(NumberFormat.fixed(result.trainLoss, 4))")
      facts.add("digest", result.weightsDigest)
    }
    if let timing = record.timing {
      facts.add(
        "time",
        "\(NumberFormat.duration(timing.secondsPerEpoch)) an epoch, "
          + "\(NumberFormat.significant(timing.imagesPerSecond)) images/s")
    }
  }

  /// The losses, beside their first and last stretch.
  private func addCurve(to facts: inout Facts, _ terminal: Terminal) {
    guard let curve, let first = curve.losses.first else { return }
    let (from, to) = (NumberFormat.fixed(first, 4), NumberFormat.fixed(curve.finalLoss, 4))
    let width = min(60, max(8, terminal.tableWidth - from.count - to.count - 14))
    // By the logarithm, as losses fall by factors.
    let line = Sparkline(curve.losses, .logarithmic).text(width: width, style: terminal.textStyle)
    facts.add("loss", "\(from) \(line) \(to)")
  }

  private var status: String {
    let done =
      "\(record.epochCount) of \(record.configuration.epochs) epochs, "
      + "\(NumberFormat.grouped(record.stepCount)) steps"
    return "\(record.status.rawValue), \(done)"
  }

  /// The commands that go on from here.
  private var commands: [String] {
    let path = Program.quoted(folder.path)
    guard record.status == .finished else { return ["\(Program.train) --resume \(path)"] }
    let use = ["\(Program.lockstep) evaluate \(path)", "\(Program.lockstep) predict \(path) IMAGE.png"]
    // Not every training can become longer.
    guard !record.configuration.optimization.schedule.dependsOnLength, record.isStoppedEarly != true else {
      return use
    }
    return use + ["\(Program.train) --resume \(path) --epochs \(record.configuration.epochs * 2)"]
  }

  var json: String {
    JSON.encode(
      Document(
        run: folder.path, record: record, files: files,
        resume: record.status == .finished ? nil : commands[0],
        losses: curve.map { Array(zip($0.steps, $0.losses)) }.map { $0.map { .init(step: $0.0, loss: $0.1) } }
      ))
  }

  /// What `inspect --json` prints of a run.
  private struct Document: Encodable {
    struct Loss: Encodable {
      let step: Int
      let loss: Double
    }

    let run: String
    let record: RunRecord
    let files: [File]
    let resume: String?
    let losses: [Loss]?
  }
}
