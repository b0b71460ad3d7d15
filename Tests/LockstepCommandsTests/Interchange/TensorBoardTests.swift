import Foundation
import Testing

@Suite("train --tensorboard")
struct TensorBoardTests {
  /// Prints every scalar of a folder as TensorBoard's own reader has it: tag, step, value.
  private static func scalars(_ folder: String, in sandbox: Sandbox) throws -> [String: [(
    step: Int, value: Double
  )]] {
    let text = try sandbox.python(
      """
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      events = EventAccumulator("\(folder)", size_guidance={"scalars": 0})
      events.Reload()
      for tag in events.Tags()["scalars"]:
          for event in events.Scalars(tag):
              print(tag, event.step, repr(event.value))
      """)
    var found: [String: [(step: Int, value: Double)]] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      found["\(words[0])", default: []].append((Int(words[1])!, Double(words[2])!))
    }
    return found
  }

  /// The numbers of a column of a table by step.
  private static func column(_ name: String, of table: String, in sandbox: Sandbox) throws -> [Int: Double] {
    let rows = try sandbox.text(table).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let step = try #require(rows[0].firstIndex(of: "step"))
    let place = try #require(rows[0].firstIndex { $0 == name })
    return Dictionary(uniqueKeysWithValues: rows.dropFirst().map { (Int($0[step])!, Double($0[place])!) })
  }

  @Test(
    "TensorBoard reads every step's and every epoch's numbers", .enabled(if: PythonPackages.areWanted),
    arguments: ["--tensorboard", "events"])
  func scalars(place: String) throws {
    let sandbox = Sandbox()
    let option = place == "events" ? ["--tensorboard", "events"] : ["--tensorboard"]
    let outcome = try sandbox.run(
      "train",
      ["--data", "data", "--model", "model.yaml", "--no-curves", "--quiet", "--output", "run"] + option)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let scalars = try Self.scalars(place == "events" ? "events" : "run/tensorboard", in: sandbox)
    let losses = try Self.column("loss", of: "run/metrics.csv", in: sandbox)
    #expect(losses.count == 15)
    #expect(Set(scalars["train/loss", default: []].map(\.step)) == Set(losses.keys))
    for (step, value) in scalars["train/loss", default: []] {
      #expect(abs(value - losses[step]!) <= 1e-6 * abs(value), "step \(step)")
    }
    for tag in ["epoch/loss", "epoch/accuracy", "test/loss", "test/accuracy"] {
      #expect(scalars[tag]?.map(\.step) == [5, 10, 15], "\(tag)")
    }
    #expect(!scalars.keys.contains { $0.contains("ema") }, "no average is kept")
  }

  @Test("an average of the weights has scalars of its own", .enabled(if: PythonPackages.areWanted))
  func average() throws {
    let sandbox = Sandbox()
    try sandbox.train("--quiet", "--output", "run", "--ema", "0.5", "--tensorboard", "events")
    let scalars = try Self.scalars("events", in: sandbox)
    for name in ["ema_loss", "ema_accuracy", "loss", "accuracy"] {
      let column = try Self.column("test_\(name)", of: "run/epochs.csv", in: sandbox)
      let found = scalars["test/\(name)", default: []]
      #expect(found.map(\.step) == [5, 10, 15], "\(name)")
      for (step, value) in found { #expect(abs(value - column[step]!) <= 1e-6, "\(name), step \(step)") }
    }
  }

  @Test(
    "a training that was killed leaves readable events, and goes on in a file of its own",
    .enabled(if: PythonPackages.areWanted))
  func killed() throws {
    let sandbox = Sandbox()
    let arguments = [
      "--data", "data", "--model", "model.yaml", "--no-curves", "--quiet", "--output", "run", "--tensorboard",
    ]
    let program = try RunningProgram("train", arguments + ["--epochs", "100000"], in: sandbox)
    try program.wait { try sandbox.exists("run/epochs.csv") && sandbox.text("run/epochs.csv").count > 400 }
    program.send(SIGKILL)
    _ = program.outcome()
    let before = try Self.scalars("run/tensorboard", in: sandbox)["test/loss", default: []]
    #expect(before.count >= 2)
    let epochs = try #require(before.last).step / 5 + 2
    let outcome = try sandbox.run(
      "train", ["--resume", "run", "--epochs", "\(epochs)", "--quiet", "--no-curves"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let after = try Self.scalars("run/tensorboard", in: sandbox)["test/loss", default: []]
    #expect(Set(after.map(\.step)) == Set((1...epochs).map { $0 * 5 }))
    let files = sandbox.everything.filter { $0.hasPrefix("run/tensorboard/") }
    #expect(files.count == 2, "\(files)")
  }

  @Test("a folder that can't be made is an error before anything is done")
  func impossible() throws {
    let sandbox = Sandbox()
    sandbox.write([], to: "file")
    let before = sandbox.everything
    let outcome = try sandbox.train("--output", "run", "--tensorboard", "file/events")
    #expect(outcome.code != 0)
    #expect(
      outcome.errors.contains("error: the output folder file/events can't be made"), "\(outcome.errors)")
    #expect(sandbox.everything == before)
  }
}
