import Foundation
import Testing

@Suite("train")
struct TrainCommandTests {
  @Test("it prints what it trains on what with what, a row an epoch, and what to type next")
  func output() throws {
    let sandbox = Sandbox()
    let outcome = try sandbox.train("--output", "my run", "--seed", "3")
    #expect(outcome.code == 0)
    #expect(outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[0] == "data      data: 3 classes, images 4x4x1, 18 to train, 9 to test")
    #expect(lines[1].hasPrefix("backend   native: "))
    #expect(lines[2] == "model     tiny")
    #expect(lines.contains("  Dense(8, relu)  [8]                  136  <0.01"))
    #expect(lines.contains("training  3 epochs, batch 4, learning rate 0.1, momentum 0.9, seed 3"))
    #expect(lines.contains("run       my run"))
    let header = try #require(
      lines.firstIndex(of: "epoch    loss  accuracy  test loss  test accuracy    time  images/s"))
    for epoch in 1...3 {
      let row = lines[header + epoch].split(separator: " ").map(String.init)
      #expect(row[0] == "\(epoch)/3")
      #expect(row.count == (row.last == "best" ? 9 : 8), "\(row)")
      #expect(lines[header + epoch].count <= 80)
    }
    #expect(lines[header + 1].hasSuffix("  best"))
    let end = lines[(header + 4)...].map { $0 }
    #expect(end[0] == "")
    #expect(end[1].hasPrefix("finished  3 epochs in ") && end[1].contains(", test accuracy "))
    #expect(end[2] == "weights   my run/final.safetensors")
    #expect(end[3] == "digest    \(try sandbox.digest("my run"))")
    #expect(end[4] == "next      \(RunningProgram.folder)/lockstep evaluate 'my run'")
    #expect(end[5] == "          \(RunningProgram.folder)/lockstep predict 'my run' IMAGE.png")
    #expect(
      !outcome.output.contains("\u{1B}") && !outcome.output.contains("\r"), "no terminal, no escape codes")
    #expect(lines.allSatisfy { !$0.hasPrefix("epoch ") || $0 == lines[header] }, "no progress line")
  }

  @Test("streamed images give the same weights, and it is said how much of them is in memory")
  func streamed() throws {
    let sandbox = Sandbox()
    try sandbox.train("--output", "kept")
    let outcome = try sandbox.train("--output", "streamed", "--stream")
    // Batches of 4 images of 16 samples: four of floats and one of bytes.
    #expect(
      outcome.output.contains(
        "\n          streamed from their files, at most 1.06 KiB of samples in memory\n"))
    #expect(try sandbox.bytes("kept/final.safetensors") == sandbox.bytes("streamed/final.safetensors"))
    let evaluations = try [[], ["--stream"]].map {
      try sandbox.run("lockstep", ["evaluate", "kept"] + $0).output
    }
    #expect(evaluations[0] == evaluations[1] && evaluations[0].contains("test accuracy"))
  }

  @Test("everything a run has is in its folder, and nothing else is written")
  func files() throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    try sandbox.train("--output", "a/run")
    #expect(
      Set(sandbox.everything).subtracting(before) == [
        "a", "a/run", "a/run/best.safetensors", "a/run/checkpoint.safetensors", "a/run/epochs.csv",
        "a/run/final.safetensors",
        "a/run/last.safetensors", "a/run/metrics.csv", "a/run/model.yaml", "a/run/run.json",
      ])
    #expect(try sandbox.text("a/run/model.yaml") == Sandbox.model)
    let rows = try sandbox.text("a/run/metrics.csv").split(separator: "\n")
    #expect(rows.first == "step,epoch,loss,accuracy,learning_rate,gradient_norm,seconds")
    #expect(rows.count == 1 + 3 * 5)
  }

  @Test("how long a user waited for the first step is recorded", .enabled(if: isLinux, "asks /proc"))
  func firstStep() throws {
    let sandbox = Sandbox()
    let begin = ContinuousClock.now
    try sandbox.train("--output", "run")
    let elapsed = begin.duration(to: .now) / .seconds(1)
    let waited = try #require(sandbox.record("run")["firstStepSeconds"] as? Double)
    // The system keeps a process's start in ticks of 0.01 s.
    #expect(waited > 0 && waited < elapsed + 0.02)
  }

  @Test("without --output the run's folder is named after model and time, and a second one differs")
  func defaultOutput() throws {
    let sandbox = Sandbox()
    try sandbox.train("--quiet")
    try sandbox.train("--quiet")
    let runs = try FileManager.default.contentsOfDirectory(atPath: sandbox.path + "/runs")
    #expect(runs.count == 2)
    #expect(runs.allSatisfy { $0.wholeMatch(of: /tiny-\d{8}T\d{6}(-2)?/) != nil }, "\(runs)")
  }

  @Test("--json prints exactly the record, and what a person reads goes to standard error")
  func json() throws {
    let sandbox = Sandbox()
    let outcome = try sandbox.train("--json", "--output", "run")
    #expect(try outcome.output == sandbox.text("run/run.json"))
    #expect(outcome.errors.hasPrefix("data      data: "))
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    func value(_ path: String) -> Any? {
      path.split(separator: ".").reduce(record as Any?) { ($0 as? [String: Any])?[String($1)] }
    }
    // The names that scripts rely on.
    #expect(value("backend.name") as? String == "native")
    #expect(value("backend.blasCore") is String)
    #expect(value("backend.isaLevel") is String)
    #expect(value("backend.threads") is Int)
    #expect((value("dataset.digest") as? String)?.count == 64)
    #expect((value("initialWeightsDigest") as? String)?.count == 64)
    #expect((value("result.weightsDigest") as? String)?.count == 64)
    #expect(value("result.testAccuracy") is Double)
    #expect(value("result.testLoss") is Double)
    #expect(value("timing.secondsPerEpoch") is Double)
    #expect(value("timing.imagesPerSecond") is Double)
  }

  @Test("--quiet prints nothing, and with --json the record alone")
  func quiet() throws {
    let sandbox = Sandbox()
    let outcome = try sandbox.train("--quiet", "--output", "run")
    #expect(outcome.code == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
    let json = try sandbox.train("--quiet", "--json", "--output", "run2")
    #expect(try json.output == sandbox.text("run2/run.json") && json.errors.isEmpty)
  }

  @Test("one thread and two, and a second run, write the same weights; another seed others")
  func determinism() throws {
    let sandbox = Sandbox()
    try sandbox.train("--quiet", "--threads", "1", "--output", "one")
    try sandbox.train("--quiet", "--threads", "2", "--output", "two")
    try sandbox.train("--quiet", "--threads", "2", "--output", "again")
    try sandbox.train("--quiet", "--seed", "1", "--output", "other")
    #expect(try sandbox.digest("one") == sandbox.digest("two"))
    #expect(try sandbox.bytes("one/final.safetensors") == sandbox.bytes("two/final.safetensors"))
    #expect(try sandbox.bytes("two/final.safetensors") == sandbox.bytes("again/final.safetensors"))
    #expect(try sandbox.bytes("other/final.safetensors") != sandbox.bytes("one/final.safetensors"))
    let backend = try #require(try sandbox.record("one")["backend"] as? [String: Any])
    #expect(backend["threads"] as? Int == 1)
  }

  @Test("lockstep train is the same command, on either backend")
  func sameCommand() throws {
    let sandbox = Sandbox()
    try sandbox.train("--quiet", "--backend", "reference", "--output", "one")
    let outcome = try sandbox.run(
      "lockstep",
      [
        "train", "--data", "data", "--model", "model.yaml", "--quiet", "--backend", "reference", "--output",
        "two",
      ])
    #expect(outcome.code == 0)
    #expect(try sandbox.digest("one") == sandbox.digest("two"))
    let backend = try #require(try sandbox.record("two")["backend"] as? [String: Any])
    #expect(backend["name"] as? String == "reference")
  }

  @Test("options win over the model file's settings, and all are recorded")
  func options() throws {
    let sandbox = Sandbox()
    try sandbox.train(
      "--quiet", "--output", "run", "--epochs", "2", "--batch-size", "7", "--learning-rate", "0.25",
      "--momentum", "0.5", "--nesterov", "--weight-decay", "0.001", "--label-smoothing", "0.2", "--seed",
      "18446744073709551615")
    let configuration = try #require(try sandbox.record("run")["configuration"] as? [String: Any])
    #expect(configuration["epochs"] as? Int == 2 && configuration["batchSize"] as? Int == 7)
    #expect(configuration["learningRate"] as? Double == 0.25 && configuration["momentum"] as? Double == 0.5)
    #expect(configuration["nesterov"] as? Bool == true && configuration["weightDecay"] as? Double == 0.001)
    #expect(configuration["labelSmoothing"] as? Double == 0.2)
    #expect(configuration["seed"] as? UInt64 == .max)
  }

  @Test("fusion and the convolutions' algorithm are recorded; what looks at single operations goes without")
  func execution() throws {
    let sandbox = Sandbox()
    func recorded(_ run: String) throws -> [String] {
      let configuration = try #require(try sandbox.record(run)["configuration"] as? [String: Any])
      return ["\(configuration["fusesOperations"] ?? "")", "\(configuration["convolution"] ?? "")"]
    }
    try sandbox.train("--quiet", "--output", "default")
    try sandbox.train("--quiet", "--output", "single", "--no-fusion", "--convolution", "winograd")
    try sandbox.train("--quiet", "--output", "checked", "--check")
    #expect(try recorded("default") == ["\(true as NSNumber)", "auto"])
    #expect(try recorded("single") == ["\(false as NSNumber)", "winograd"])
    #expect(try recorded("checked") == ["\(false as NSNumber)", "direct"])
  }

  @Test(
    "options that contradict each other, and algorithms that don't exist, are usage errors",
    arguments: [
      (["--check", "--fusion"], "--check needs operations one by one: leave --fusion out"),
      (
        ["--inject-fault", "zero-tile", "--convolution", "winograd"],
        "--inject-fault needs convolutions as they are defined: leave --convolution out"
      ),
      (["--convolution", "fft"], "'fft' is no algorithm; there are direct, winograd and auto"),
    ])
  func contradictions(_ arguments: [String], _ problem: String) throws {
    let outcome = try Sandbox().run(
      "train", ["--data", "data", "--model", "model.yaml", "--output", "run"] + arguments)
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains(problem))
  }

  @Test("a folder without train and test is split, and its path may have spaces")
  func split() throws {
    let sandbox = Sandbox()
    try FileManager.default.moveItem(atPath: sandbox.path + "/data/train", toPath: sandbox.path + "/my data")
    let outcome = try sandbox.run(
      "train",
      ["--data", "my data", "--model", "model.yaml", "--validation-split", "0.5", "--output", "run"])
    #expect(outcome.output.hasPrefix("data      my data: 3 classes, images 4x4x1, 9 to train, 9 to test\n"))
    let dataset = try #require(try sandbox.record("run")["dataset"] as? [String: Any])
    #expect(dataset["validationSplit"] as? Double == 0.5)
    #expect(try sandbox.run("lockstep", ["evaluate", "run"]).errors.isEmpty, "the same images again")
  }

  @Test("a loss that is not finite ends the run with one line and leaves what was saved")
  func notFinite() throws {
    let sandbox = Sandbox()
    let outcome = try sandbox.train("--learning-rate", "1e30", "--output", "run")
    #expect(outcome.code == 1)
    #expect(outcome.errors.hasPrefix("error: the loss is "))
    #expect(outcome.errors.contains(" in step 2 (epoch 1); the first non-finite tensor is the output of "))
    #expect(outcome.errors.hasSuffix("; a lower learning rate may help\n"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
    let record = try sandbox.record("run")
    #expect(record["status"] as? String == "failed")
    #expect("error: \(record["failure"] as? String ?? "")\n" == outcome.errors)
  }
}

#if os(Linux)
  private let isLinux = true
#else
  private let isLinux = false
#endif
