import Foundation
import Testing

@Suite("sweep")
struct SweepCommandTests {
  private static let begin = ["sweep", "--model", "model.yaml", "--data", "data", "--no-curves"]

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func sweep(_ sandbox: Sandbox, _ options: [String]) throws -> Outcome {
    try sandbox.run("lockstep", Self.begin + ["--epochs", "1"] + options)
  }

  @Test("every combination is trained with every seed, as train would, and summed up with the best marked")
  func combinations() throws {
    let sandbox = Sandbox()
    let outcome = try sweep(
      sandbox,
      [
        "--seeds", "0..2", "--set", "learningRate=0.1,0.0001", "--set", "nesterov=true,false", "--output",
        "s",
      ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let runs = sandbox.everything.filter { $0.hasSuffix("/run.json") }
    #expect(runs.count == 12)
    let run = "s/learning-rate=0.1,nesterov=true,seed=2"
    let own = try sandbox.train(
      "--quiet", "--output", "own", "--learning-rate", "0.1", "--nesterov", "--seed", "2", "--epochs", "1")
    #expect(own.code == 0)
    #expect(try sandbox.digest("own") == sandbox.digest(run))
    let rows = outcome.output.split(separator: "\n").map(String.init)
    #expect(rows[0] == "sweep     s: 12 runs")
    #expect(rows.contains { $0.hasPrefix(" 3/12  learning-rate=0.1,nesterov=true,seed=2  test accuracy ") })
    #expect(rows.contains("Mean ± standard deviation over 3 seeds"))
    #expect(rows.filter { $0.hasSuffix("best") }.count == 1)

    let csv = try sandbox.text("s/runs.csv").split(separator: "\n")
    #expect(csv.count == 13)
    #expect(csv[0].hasPrefix("learning-rate,nesterov,seed,status,test_accuracy,"))
    #expect(csv[1].hasPrefix("0.1,true,0,finished,"))
  }

  @Test("mean and standard deviation are those of the runs' records")
  func statistics() throws {
    let sandbox = Sandbox()
    let outcome = try sweep(sandbox, ["--seeds", "0..3", "--output", "s", "--json"])
    #expect(outcome.code == 0)
    let losses = try (0...3).map { seed in
      let result = try sandbox.record("s/seed=\(seed)")["result"] as? [String: Any]
      return try #require(result?["testLoss"] as? Double)
    }
    let mean = losses.reduce(0, +) / 4
    let deviation = (losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3).squareRoot()
    let groups = try #require(try object(outcome.output)["groups"] as? [[String: Any]])
    let spread = try #require(groups.first?["testLoss"] as? [String: Double])
    #expect(groups.count == 1 && groups[0]["finishedCount"] as? Int == 4)
    #expect(abs(try #require(spread["mean"]) - mean) < 1e-12)
    #expect(abs(try #require(spread["standardDeviation"]) - deviation) < 1e-12)
    #expect(spread["minimum"] == losses.min() && spread["maximum"] == losses.max())
    #expect(try sandbox.text("s/summary.json") == outcome.output)
  }

  @Test("a file of seeds and settings is the sweep of the same options, and can be gone on with")
  func file() throws {
    let sandbox = Sandbox()
    let yaml = """
      # Two seeds, four settings.
      seeds: 0..1
      settings:
        optimizer: [sgd, {adamw: {beta2: 0.9, epsilon: 1e-6}}]
        fusion: [true, false]
      training:
        model: model.yaml
        data: data
        learningRate: 0.05
        curves: false
        epochs: 1
        freeze: [layers.1.bias, layers.3.bias]
        schedule: {multiStep: {milestones: [2, 4], by: step}}

      """
    sandbox.write(Array(yaml.utf8), to: "sweep.yaml")
    let one = try sandbox.run("lockstep", ["sweep", "--file", "sweep.yaml", "--output", "one"])
    #expect(one.code == 0, "\(one.errors)")
    let other = try sandbox.run(
      "lockstep",
      Self.begin + [
        "--seeds", "0,1", "--set", "optimizer=sgd;adamw,beta2=0.9,epsilon=1e-6", "--set",
        "fusion=true,false", "--learning-rate", "0.05", "--epochs", "1", "--freeze", "layers.1.bias",
        "--freeze", "layers.3.bias", "--schedule", "multiStep,milestones=[2,4],by=step", "--output", "other",
      ])
    #expect(other.code == 0, "\(other.errors)")
    let runs = sandbox.everything.filter { $0.hasPrefix("one/") && $0.hasSuffix("/run.json") }
      .map { $0.dropFirst(4).dropLast(9) }
    #expect(runs.count == 8)
    for run in runs { #expect(try sandbox.digest("one/\(run)") == sandbox.digest("other/\(run)"), "\(run)") }
    sandbox.remove("sweep.yaml")
    sandbox.remove("one/\(runs[0])")
    #expect(try sandbox.run("lockstep", ["sweep", "--resume", "one"]).code == 0)
    #expect(try sandbox.digest("one/\(runs[0])") == sandbox.digest("other/\(runs[0])"))
  }

  @Test("what the command line says wins over the file")
  func fileAndOptions() throws {
    let sandbox = Sandbox()
    let yaml = """
      seeds: [0, 1, 2]
      settings: {momentum: [0.1, 0.2], weightDecay: [0, 0.1]}
      training: {learning-rate: 0.5, model: none.yaml, epochs: 7, nesterov: true}

      """
    sandbox.write(Array(yaml.utf8), to: "sweep.yaml")
    let outcome = try sweep(
      sandbox,
      [
        "--file", "sweep.yaml", "--seeds", "5", "--set", "momentum=0.3", "--set", "learningRate=0.01,0.02",
        "--no-nesterov", "--output", "s",
      ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let runs = sandbox.everything.filter { $0.hasSuffix("/run.json") }
    #expect(
      runs == [
        "s/weight-decay=0,momentum=0.3,learning-rate=0.01,seed=5/run.json",
        "s/weight-decay=0,momentum=0.3,learning-rate=0.02,seed=5/run.json",
        "s/weight-decay=0.1,momentum=0.3,learning-rate=0.01,seed=5/run.json",
        "s/weight-decay=0.1,momentum=0.3,learning-rate=0.02,seed=5/run.json",
      ])
    let configuration = try sandbox.record(String(runs[1].dropLast(9)))["configuration"] as? [String: Any]
    #expect(configuration?["epochs"] as? Int == 1 && configuration?["nesterov"] as? Bool == false)
    #expect(configuration?["learningRate"] as? Double == 0.02)
  }

  /// Each with the line it gets.
  private static let badFiles: [(yaml: String, message: String)] = [
    ("seed: 3", "s.yaml:1:1: unknown key 'seed' of the sweep; did you mean 'seeds'?"),
    ("seeds: 4..0", "s.yaml: seeds takes numbers such as 0..4 or 0,1,7, not '4..0'"),
    ("seeds: [1, 0..2]", "s.yaml: seeds 1,0..2 has a seed twice"),
    ("settings:\n  momentum: [0.5, 0.9, 0.5]", "s.yaml:2:3: momentum has the value 0.5 twice"),
    (
      "settings:\n  learnRate: [1]",
      "s.yaml:2:3: Unknown option '--learn-rate'. Did you mean '--learning-rate'?"
    ),
    ("settings:\n  seed: [1, 2]", "s.yaml:2:3: a sweep's runs can't be given seed: use the key 'seeds'"),
    ("seeds: 1\ntraining:\n  output: x", "s.yaml:3:3: a sweep's runs can't be given output"),
    (
      "settings: {learningRate: [1]}\ntraining: {learning-rate: 2}",
      "s.yaml:2:12: learning-rate is there twice, as learningRate"
    ),
    (
      "seeds: 1\ntraining: {epochs: [1, 2]}",
      "s.yaml:2:12: all runs have one epochs: lists of what varies are under 'settings'"
    ),
    (
      "settings:\n  momentum: [0.5, 2]",
      "with momentum=2,seed=0: momentum must be at least 0 and below 1, not 2.0"
    ),
    (
      "settings:\n  epochs: [1, few]",
      "with epochs=few,seed=0: The value 'few' is invalid for '--epochs <number>'"
    ),
    (
      "settings:\n  nesterov: [1]",
      "with nesterov=1,seed=0: The option '--nesterov' does not take any value, but '1' was specified."
    ),
    ("seeds: 0..5000\nsettings: {momentum: [0.1, 0.2]}", "a sweep has at most 10000 runs"),
  ]

  @Test(
    "a file with a mistake gets a line that says where, before anything runs", arguments: badFiles.indices)
  func badFile(index: Int) throws {
    let (yaml, message) = Self.badFiles[index]
    let sandbox = Sandbox()
    sandbox.write(Array(yaml.utf8), to: "s.yaml")
    let before = sandbox.everything
    let outcome = try sandbox.run("lockstep", Self.begin + ["--file", "s.yaml"])
    #expect(outcome.code != 0 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("error: \(message)"), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count <= 2, "\(outcome.errors)")
    #expect(sandbox.everything == before)
  }

  @Test("a file or a model that isn't there, and a file that is no text, are said to be")
  func noFile() throws {
    let sandbox = Sandbox()
    let none = try sweep(sandbox, ["--file", "none.yaml"])
    #expect(none.code == 1 && none.errors == "error: none.yaml: No such file or directory\n")
    sandbox.write([0x6C, 0xFF], to: "s.yaml")
    let noModel = try sandbox.run("lockstep", ["sweep", "--set", "model=model.yaml,none.yaml"])
    #expect(noModel.code == 1 && noModel.errors == "error: none.yaml: No such file or directory\n")
    let noText = try sweep(sandbox, ["--file", "s.yaml"])
    #expect(noText.errors == "error: s.yaml: the file is not text in UTF-8; is it a sweep?\n")
  }

  @Test("resumed, a sweep keeps what is finished and makes the rest, with the same weights")
  func resumed() throws {
    let sandbox = Sandbox()
    let settings = ["--seeds", "0,1", "--set", "momentum=0.5,0.9", "--output", "s"]
    #expect(try sweep(sandbox, settings).code == 0)
    let (kept, lost) = ("s/momentum=0.5,seed=0", "s/momentum=0.9,seed=1")
    let digest = try sandbox.digest(lost)
    let before = try sandbox.bytes("\(kept)/run.json")
    sandbox.remove(lost)
    let outcome = try sandbox.run("lockstep", ["sweep", "--resume", "s"])
    #expect(outcome.code == 0)
    #expect(try sandbox.digest(lost) == digest)
    #expect(try sandbox.bytes("\(kept)/run.json") == before)
    #expect(outcome.output.split(separator: "\n").filter { $0.hasSuffix(", was there already") }.count == 3)
  }

  @Test(
    "Ctrl-C stops the run at hand, says how to go on, and going on makes the weights of a sweep never stopped"
  )
  func interrupted() throws {
    let sandbox = Sandbox()
    let options = Self.begin + ["--seeds", "0..1", "--epochs", "150", "--output"]
    #expect(try sandbox.run("lockstep", options + ["whole"]).code == 0)
    let program = try RunningProgram("lockstep", options + ["s"], in: sandbox)
    try program.wait(until: {
      guard sandbox.exists("s/seed=0/run.json") else { return false }
      return try sandbox.record("s/seed=0")["epochCount"] as! Int >= 2
    })
    program.send(SIGINT)
    let outcome = program.outcome()
    #expect(outcome.code == 130)
    #expect(outcome.output.hasSuffix("\ngo on     \(RunningProgram.folder)/lockstep sweep --resume s\n"))
    #expect(try object(sandbox.text("s/summary.json"))["isFinished"] as? Bool == false)
    #expect(try sandbox.run("lockstep", ["sweep", "--resume", "s"]).code == 0)
    for run in ["seed=0", "seed=1"] {
      #expect(try sandbox.digest("s/\(run)") == sandbox.digest("whole/\(run)"))
    }
  }

  @Test("a training that diverges is a failed run, and the others are made")
  func diverging() throws {
    let sandbox = Sandbox()
    let outcome = try sweep(sandbox, ["--set", "learningRate=1e30,0.1", "--output", "s"])
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("1/2  learning-rate=1e30,seed=0  failed: "))
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows.contains { $0.first == "1e30" && $0.prefix(3) == ["1e30", "0", "1"] })
    #expect(rows.contains { $0.first == "0.1" && $0.last == "best" })
    let all = try sweep(sandbox, ["--set", "learningRate=1e30", "--output", "t"])
    #expect(all.code == 1 && all.errors == "error: every run has failed\n")
  }

  @Test(
    "what can't be swept is said before anything runs",
    arguments: [
      (["--set", "learningRate"], "--set takes a name and values"),
      (["--set", "learningRate=0.1,,0.2"], "has a value that is empty"),
      (["--set", "learningRate=0.1,0.1"], "give every value once"),
      (["--set", "momentum=0.1", "--set", "momentum=0.2"], "--set momentum is given twice"),
      (
        ["--set", "momentum=0.5,2"],
        "with momentum=2,seed=0: momentum must be at least 0 and below 1, not 2.0"
      ),
      (["--set", "optimizer=sgd,adem"], "with optimizer=adem,seed=0: "),
      (["--set", "learnRate=1"], "Unknown option '--learn-rate"),
      (
        ["--set", "learningRate=1,2", "--learning-rate=3"],
        "learning-rate varies, so that no run can be told --learning-rate: leave one out"
      ),
      (
        ["--set", "nesterov=true,false", "--no-nesterov"],
        "nesterov varies, so that no run can be told --nesterov: leave one out"
      ),
      (["--set", "seed=1,2"], "--set can't vary seed: use --seeds"),
      (["--set", "model=model.yaml,none.yaml"], "model varies, so that no run can be told --model"),
      (["--seeds", "4..0"], "--seeds takes numbers such as 0..4 or 0,1,7, not '4..0'"),
      (["--seeds", "0..2,1"], "has a seed twice"),
      (["--seeds", "0..99999999"], "--seeds takes numbers"),
      (["--seed", "3"], "--seed is for a single run: use --seeds"),
      (["--bogus"], "Unknown option '--bogus'"),
      (["--resume", "s"], "leave everything but --json out"),
      (["--resume", "s", "--file", "s.yaml"], "leave everything but --json out"),
    ])
  func mistakes(options: [String], message: String) throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    let outcome = try sandbox.run(
      "lockstep", Self.begin + options)
    #expect(outcome.code != 0)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(sandbox.everything == before)
  }

  @Test("a folder that holds a sweep is not used for another, and one that holds none can't be gone on with")
  func folders() throws {
    let sandbox = Sandbox()
    #expect(try sweep(sandbox, ["--output", "s"]).code == 0)
    let again = try sweep(sandbox, ["--output", "s"])
    #expect(again.code == 2 && again.errors.hasPrefix("error: s already holds a sweep or a run"))
    let none = try sandbox.run("lockstep", ["sweep", "--resume", "data"])
    #expect(none.code == 1 && none.errors.hasPrefix("error: data holds no sweep: "))
    sandbox.write(Array("{}".utf8), to: "t/sweep.json")
    let bad = try sandbox.run("lockstep", ["sweep", "--resume", "t"])
    #expect(bad.code == 1 && bad.errors == "error: t/sweep.json is not the description of a sweep\n")
  }
}
