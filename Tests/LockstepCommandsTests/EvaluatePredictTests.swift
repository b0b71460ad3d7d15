import Foundation
import Testing

@Suite("evaluate and predict")
struct EvaluatePredictTests {
  /// A sandbox with a run in `run`, trained until it knows its classes. Tests only read it.
  private static let trained: Sandbox = {
    let sandbox = Sandbox()
    let outcome = try! sandbox.train("--quiet", "--output", "run", "--epochs", "30")
    // What is static has no end of its own.
    atexit { try? FileManager.default.removeItem(atPath: EvaluatePredictTests.trained.path) }
    precondition(outcome.code == 0, outcome.errors)
    return sandbox
  }()

  private func lockstep(_ arguments: String...) throws -> Outcome {
    try Self.trained.run("lockstep", arguments)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("evaluate measures what the run recorded")
  func evaluate() throws {
    let outcome = try lockstep("evaluate", "run")
    let result = try #require(try Self.trained.record("run")["result"] as? [String: Any])
    let accuracy = try #require(result["testAccuracy"] as? Double)
    #expect(accuracy == 1)
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let loss = String(format: "%.4f", try #require(result["testLoss"] as? Double))
    let line = "data: test accuracy 1.0000 (9 of 9), test loss \(loss)\n"
    #expect(outcome.output.hasPrefix(line + "\n"))
    #expect(try lockstep("evaluate", "run", "--brief").output == line)

    let json = try object(lockstep("evaluate", "run", "--json").output)
    #expect(
      Set(json.keys) == [
        "run", "weights", "data", "digest", "loss", "accuracy", "correct", "count", "metrics",
      ])
    #expect(json["loss"] as? Double == result["testLoss"] as? Double)
    #expect(json["accuracy"] as? Double == accuracy && json["correct"] as? Int == 9)
    #expect(json["weights"] as? String == "run/final.safetensors")
  }

  @Test("evaluate tells how each class does, and what is taken for what")
  func classes() throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    // One of the ants looks like a cat.
    sandbox.writeImage("data/test/ant/0.png", label: 2)
    let outcome = try sandbox.run("lockstep", ["evaluate", "run", "--confusion", "matrix.svg"])
    #expect(outcome.code == 0)
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows.contains(["ant", "1.0000", "0.6667", "0.8000", "3"]))
    #expect(rows.contains(["cat", "0.7500", "1.0000", "0.8571", "3"]))
    #expect(rows.contains(["ant", "2", "·", "1"]))
    #expect(outcome.output.contains("expected calibration error 0."))
    #expect(outcome.output.hasSuffix("Most often taken: ant for cat (1)\n"))
    #expect(try sandbox.text("matrix.svg").contains("8 of 9 images are"))

    let json = try object(sandbox.run("lockstep", ["evaluate", "run", "--json"]).output)
    let metrics = try #require(json["metrics"] as? [String: Any])
    #expect(metrics["confusionMatrix"] as? [[Int]] == [[2, 0, 1], [0, 3, 0], [0, 0, 3]])
    let classes = try #require(metrics["perClass"] as? [[String: Any]])
    #expect(classes.map { $0["name"] as? String } == ["ant", "bee", "cat"])
    #expect(classes[2]["precision"] as? Double == 0.75)
  }

  @Test("a run's record has the metrics of its last epoch")
  func recorded() throws {
    let metrics = try #require(try Self.trained.record("run")["metrics"] as? [String: Any])
    #expect(metrics["confusionMatrix"] as? [[Int]] == [[3, 0, 0], [0, 3, 0], [0, 0, 3]])
  }

  @Test("a chart that can't be written is a mistake that is found before anything is measured")
  func badChart() throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    for (name, message) in [("matrix.jpg", ".svg or .png"), ("none/matrix.svg", "none")] {
      let outcome = try sandbox.run("lockstep", ["evaluate", "run", "--confusion", name])
      #expect(outcome.code != 0 && outcome.output.isEmpty)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
      #expect(!sandbox.exists(name))
    }
  }

  @Test("evaluate takes other images, weights and backends")
  func evaluateOther() throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    try FileManager.default.moveItem(atPath: sandbox.path + "/data", toPath: sandbox.path + "/other")
    let outcome = try sandbox.run(
      "lockstep",
      ["evaluate", "run", "--data", "other", "--weights", "best", "--backend", "reference", "--json"])
    let json = try object(outcome.output)
    #expect(json["count"] as? Int == 9 && json["weights"] as? String == "run/best.safetensors")
    #expect(json["data"] as? String == "other")
  }

  @Test("evaluate says when the run's images have changed")
  func evaluateChanged() throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    sandbox.writeImage("data/test/ant/0.png", label: 2)
    let outcome = try sandbox.run("lockstep", ["evaluate", "run"])
    #expect(outcome.code == 0)
    #expect(outcome.errors == "note: the images in data have changed since the run\n")
    #expect(outcome.output.hasPrefix("data: test accuracy 0.8889 (8 of 9), "))
  }

  @Test("predict names the three likeliest classes, most likely first")
  func predict() throws {
    let images = ["data/test/ant/0.png", "data/test/bee/2.png", "data/train/cat/1.png"]
    let outcome = try lockstep("predict", "run", images[0], images[1], images[2])
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let rows = outcome.output.split(separator: "\n").dropFirst(2)
    #expect(rows.count == images.count)
    for (line, (image, name)) in zip(rows, zip(images, ["ant", "bee", "cat"])) {
      let pattern = try Regex(
        "(\\S+) +\(name) +(\\d\\.\\d{4})  [a-z]{3} (\\d\\.\\d{4}), [a-z]{3} (\\d\\.\\d{4})")
      let match = try #require(line.wholeMatch(of: pattern), "\(line)")
      #expect(match[1].substring! == image)
      let shares = (2...4).map { Double(match[$0].substring!)! }
      #expect(shares == shares.sorted(by: >))
      #expect(abs(shares.reduce(0, +) - 1) < 2e-4)
    }
  }

  @Test("predict --json prints one array with an object for each image")
  func predictJSON() throws {
    let outcome = try lockstep("predict", "run", "--json", "data/test/ant/0.png", "data/test/bee/2.png")
    let array = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    #expect(array.map { $0["image"] as? String } == ["data/test/ant/0.png", "data/test/bee/2.png"])
    for (prediction, name) in zip(array, ["ant", "bee"]) {
      #expect(Set(prediction.keys) == ["image", "classes"])
      let classes = try #require(prediction["classes"] as? [[String: Any]])
      #expect(classes.count == 3 && classes[0]["name"] as? String == name)
      let shares = classes.compactMap { $0["probability"] as? Double }
      #expect(shares == shares.sorted(by: >))
      #expect(abs(shares.reduce(0, +) - 1) < 1e-5)
    }
  }

  @Test("a bad image is a line of its own, the others are predicted, and the exit code is 1")
  func badImages() throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    sandbox.write(Array("text".utf8), to: "text.png")
    sandbox.writeImage("big.png", width: 5, height: 9)
    sandbox.write(Sandbox.png().dropLast(20), to: "cut.png")
    let outcome = try sandbox.run(
      "lockstep", ["predict", "run", "none.png", "text.png", "data/test/ant/0.png", "big.png", "cut.png"])
    #expect(outcome.code == 1)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[2].hasPrefix("data/test/ant/0.png  ant "))
    #expect(
      outcome.errors.split(separator: "\n") == [
        "error: none.png: unreadable file: No such file or directory",
        "error: text.png: not a PNG: it looks like text",
        "error: big.png is 5x9, the model takes 4x4; --resize brings it to that",
        "error: cut.png: truncated PNG: it ends after \(Sandbox.png().count - 20) bytes, within the image",
      ])
    #expect(try sandbox.run("lockstep", ["predict", "run", "big.png", "--resize"]).code == 0)
  }

  /// A run that is wrong, and what both commands say of it.
  struct BadRun: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var prepare: @Sendable (Sandbox) throws -> Void = { _ in }
    var arguments: [String] = []
    let message: String
    var code: Int32 = 1
  }

  @Test(
    "a run that is missing or broken is one line",
    arguments: [
      BadRun(
        testDescription: "no run", prepare: { $0.remove("run") },
        message: "run holds no run: run.json can't be read: No such file or directory"),
      BadRun(
        testDescription: "a corrupt record",
        prepare: { $0.write(Array("{\"status\":".utf8), to: "run/run.json") },
        message: "run/run.json is not the record of a run"),
      BadRun(
        testDescription: "no weights", prepare: { $0.remove("run/final.safetensors") },
        message: "run/final.safetensors can't be read: No such file or directory"),
      BadRun(
        testDescription: "weights cut off",
        prepare: { try $0.write($0.bytes("run/final.safetensors").dropLast(4), to: "run/final.safetensors") },
        message:
          "run/final.safetensors is not a sound safetensors file: tensor layers.3.bias, float32 [3], "
          + "is said to lie at [640, 652] of 648 bytes"),
      BadRun(
        testDescription: "weights that are no weights", arguments: ["--weights", "model.yaml"],
        message: "model.yaml is not a sound safetensors file: the header is said to have "),
      BadRun(
        testDescription: "weights of another model", arguments: ["--weights", "run/checkpoint.safetensors"],
        message: "the weights have no parameter layers.1.weight; they are of another model"),
      BadRun(
        testDescription: "unknown backend", arguments: ["--backend", "gpu"],
        message: "there is no backend 'gpu'; the backends are native, ", code: 2),
      BadRun(
        testDescription: "no threads", arguments: ["--threads", "0"],
        message: "--threads must be between 1 and 1024, not 0", code: 2),
    ])
  func badRun(_ bad: BadRun) throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    try bad.prepare(sandbox)
    for command in ["evaluate", "predict"] {
      let images = command == "predict" ? ["data/test/ant/0.png"] : []
      let outcome = try sandbox.run("lockstep", [command, "run"] + images + bad.arguments)
      var lines = outcome.errors.split(separator: "\n").map(String.init)
      if bad.code == 2 { #expect(lines.popLast() == "       see lockstep \(command) --help") }
      let message =
        bad.message.hasSuffix(" ") ? lines.first?.prefix(bad.message.count + 7) : lines.first?[...]
      #expect(message == "error: \(bad.message)")
      #expect(lines.count == 1)
      #expect(outcome.code == bad.code && outcome.output.isEmpty)
    }
  }

  @Test("evaluate refuses images of another size or other classes")
  func otherImages() throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    for split in ["train", "test"] {
      for (label, name) in ["ant", "bee", "cat"].enumerated() {
        sandbox.writeImage("wide/\(split)/\(name)/0.png", label: label, width: 6)
      }
      for name in ["ant", "bee"] { sandbox.writeImage("fewer/\(split)/\(name)/0.png") }
    }
    #expect(
      try sandbox.run("lockstep", ["evaluate", "run", "--data", "wide"]).errors
        == "error: images in wide are [4, 6, 1], the model takes [4, 4, 1]\n")
    #expect(
      try sandbox.run("lockstep", ["evaluate", "run", "--data", "fewer"]).errors
        == "error: fewer has the classes ant, bee, the model knows ant, bee, cat\n")
    #expect(
      try sandbox.run("lockstep", ["evaluate", "run", "--data", "none"]).errors
        == "error: no such folder: none\n")
  }

  @Test("a run that was stopped is evaluated with its last weights")
  func stopped() throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    let record = try sandbox.text("run/run.json").replacing("\"finished\"", with: "\"interrupted\"")
    sandbox.write(Array(record.utf8), to: "run/run.json")
    sandbox.remove("run/final.safetensors")
    let json = try object(sandbox.run("lockstep", ["evaluate", "run", "--json"]).output)
    #expect(json["weights"] as? String == "run/last.safetensors")
  }
}
