import Foundation
import Testing

@Suite("Interrupting and going on")
struct ResumeTests {
  /// Longer than any test waits.
  private static let forever = "1000000"

  /// A training without end that has completed two epochs at least.
  private static func running(_ arguments: [String] = [], in sandbox: Sandbox) throws -> RunningProgram {
    let program = try RunningProgram(
      "train",
      ["--data", "data", "--model", "model.yaml", "--output", "run", "--epochs", forever] + arguments,
      in: sandbox)
    try program.wait {
      // A record is there as a whole or not at all, at any moment.
      guard sandbox.exists("run/run.json") else { return false }
      return try sandbox.record("run")["epochCount"] as! Int >= 2
    }
    return program
  }

  /// That the run in `run`, resumed, ends as one that was never interrupted.
  private static func checkResumed(_ sandbox: Sandbox) throws {
    let epochs = "\(try sandbox.record("run")["epochCount"] as! Int + 2)"
    let resumed = try sandbox.run("train", ["--resume", "run", "--epochs", epochs])
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(resumed.output.contains("\nresuming  after step "))
    #expect(try sandbox.train("--quiet", "--output", "whole", "--epochs", epochs).code == 0)
    #expect(try sandbox.digest("run") == sandbox.digest("whole"))
    for file in ["final.safetensors", "best.safetensors", "checkpoint.safetensors"] {
      #expect(try sandbox.bytes("run/\(file)") == sandbox.bytes("whole/\(file)"), "\(file)")
    }
    func rows(_ run: String) throws -> [String] {
      try sandbox.text("\(run)/metrics.csv").split(separator: "\n").map {
        $0.split(separator: ",").dropLast().joined(separator: ",")
      }
    }
    #expect(try rows("run") == rows("whole"))
    #expect(try sandbox.record("run")["status"] as? String == "finished")
    #expect(sandbox.everything.allSatisfy { !$0.hasSuffix(".partial") || $0.hasPrefix("run/") })
  }

  @Test(
    "a signal ends the training after its step, with all saved and a line that says how to go on",
    arguments: [SIGINT, SIGTERM])
  func signal(number: Int32) throws {
    let sandbox = Sandbox()
    let program = try Self.running(in: sandbox)
    program.send(number)
    let outcome = program.outcome()
    #expect(outcome.code == 128 + number)
    #expect(outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n").suffix(3).map(String.init)
    let record = try sandbox.record("run")
    let steps = try #require(record["stepCount"] as? Int)
    let epochs = try #require(record["epochCount"] as? Int)
    #expect(record["status"] as? String == "interrupted")
    #expect(
      lines == [
        "stopped   after step \(steps), in epoch \(epochs + 1) of \(Self.forever)",
        "weights   run/last.safetensors",
        "go on     \(RunningProgram.folder)/lockstep train --resume run",
      ])
    try Self.checkResumed(sandbox)
  }

  @Test("an interrupted run under --json prints its record")
  func signalJSON() throws {
    let sandbox = Sandbox()
    let program = try Self.running(["--json", "--quiet"], in: sandbox)
    program.send(SIGINT)
    let outcome = program.outcome()
    #expect(try outcome.code == 130 && outcome.output == sandbox.text("run/run.json"))
  }

  @Test("a killed training goes on from its last epoch")
  func kill() throws {
    let sandbox = Sandbox()
    let program = try Self.running(in: sandbox)
    program.send(SIGKILL)
    #expect(program.outcome().code == -SIGKILL)
    #expect(try sandbox.record("run")["status"] as? String == "running")
    try Self.checkResumed(sandbox)
  }

  @Test("a training killed in its first epoch goes on from its beginning")
  func killAtOnce() throws {
    let sandbox = Sandbox()
    let program = try RunningProgram(
      "train", ["--data", "data", "--model", "model.yaml", "--output", "run", "--epochs", Self.forever],
      in: sandbox)
    program.wait { sandbox.exists("run/run.json") }
    program.send(SIGKILL)
    _ = program.outcome()
    let resumed = try sandbox.run(
      "train", ["--resume", "run", "--threads", "9999"])
    #expect(resumed.code == 2, "options are checked first")
    let epochs = "\(try sandbox.record("run")["epochCount"] as! Int + 1)"
    #expect(try sandbox.run("train", ["--resume", "run", "--epochs", epochs, "--quiet"]).code == 0)
    #expect(try sandbox.train("--quiet", "--output", "whole", "--epochs", epochs).code == 0)
    #expect(try sandbox.bytes("run/final.safetensors") == sandbox.bytes("whole/final.safetensors"))
  }

  @Test("a finished run goes on with a higher number of epochs")
  func more() throws {
    let sandbox = Sandbox()
    try sandbox.train("--quiet", "--output", "run")
    let refused = try sandbox.run("train", ["--resume", "run"])
    #expect(refused.code == 2)
    #expect(
      refused.errors
        == "error: run has all of its 3 epochs; --epochs with a higher number goes on\n       see train --help\n"
    )
    try Self.checkResumed(sandbox)
  }

  @Test("resuming nothing is an error")
  func nothing() throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    let outcome = try sandbox.run("train", ["--resume", "nowhere"])
    #expect(outcome.code == 1)
    #expect(
      outcome.errors == "error: nowhere holds no run: run.json can't be read: No such file or directory\n")
    #expect(sandbox.everything == before)
  }

  @Test("settings that make the run what it is can't be changed, and all differences are in one message")
  func changedOptions() throws {
    let sandbox = Sandbox()
    try sandbox.train("--quiet", "--output", "run")
    let files = sandbox.everything
    let before = try sandbox.bytes("run/run.json")
    func refusal(_ arguments: String...) throws -> String {
      let outcome = try sandbox.run("train", ["--resume", "run", "--epochs", "4", "--quiet"] + arguments)
      #expect(outcome.code == 2 && outcome.output.isEmpty)
      #expect(try sandbox.everything == files && sandbox.bytes("run/run.json") == before)
      let start = "error: run can't go on with other settings than it has: "
      let end = "\n       see train --help\n"
      guard outcome.errors.hasPrefix(start), outcome.errors.hasSuffix(end) else { return outcome.errors }
      return String(outcome.errors.dropFirst(start.count).dropLast(end.count))
    }
    #expect(
      try refusal(
        "--seed", "1", "--batch-size", "2", "--learning-rate", "1", "--momentum", "0.5", "--nesterov",
        "--weight-decay", "0.5", "--label-smoothing", "0.25", "--crop", "1")
        == "augmentation.crop is 0, not 1; batchSize is 4, not 2; labelSmoothing is 0, not 0.25; "
        + "learningRate is 0.1, not 1; momentum is 0.9, not 0.5; nesterov is false, not true; seed is 0, not 1; "
        + "weightDecay is 0, not 0.5")
    #expect(
      try refusal("--optimizer", "adam", "--ema", "0.5", "--freeze", "layers.1.*", "--clip-norm", "1")
        == "averageDecay is not set, not 0.5; clipping.norm is not set, not 1; frozen is [], not [layers.1.*]; "
        + "learningRate is 0.1, not 0.001; optimizer is sgd, not adam")
    #expect(try refusal("--no-fusion") == "fusesOperations is true, not false")
    #expect(
      try refusal("--model", "model.yaml", "--output", "x", "--resize", "4", "--seed", "1")
        == "seed is 0, not 1; --model can't be given; --output can't be given; --resize can't be given")
    #expect(
      try refusal("--validation-split", "0.5", "--channels", "1", "--normalize", "none")
        == "--validation-split can't be given; --channels can't be given; --normalize can't be given")
    #expect(try refusal("--class-weights", "balanced") == "--class-weights can't be given")
  }

  @Test("settings that are given as they were change nothing")
  func sameOptions() throws {
    let sandbox = Sandbox()
    try sandbox.train("--quiet", "--output", "run")
    let outcome = try sandbox.run(
      "train", ["--resume", "run", "--epochs", "4", "--seed", "0", "--optimizer", "sgd", "--quiet"])
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test("a run whose images, weights, model or record have changed is refused, and stays as it was")
  func changedRun() throws {
    let original = Sandbox()
    try original.train("--quiet", "--output", "run")
    func failure(_ change: (Sandbox) throws -> Void) throws -> String {
      let sandbox = Sandbox()
      sandbox.copy("run", of: original)
      try change(sandbox)
      let files = sandbox.everything.filter { $0.hasPrefix("run/") }
      let before = try files.map(sandbox.bytes)
      let outcome = try sandbox.run("train", ["--resume", "run", "--epochs", "4"])
      #expect(outcome.code == 1)
      #expect(sandbox.everything.filter { $0.hasPrefix("run/") } == files)
      #expect(try files.map(sandbox.bytes) == before)
      return outcome.errors
    }
    #expect(
      try failure { $0.writeImage("data/train/ant/0.png", label: 2) }
        == "error: data is not what run was trained on: its images have changed\n")
    #expect(try failure { $0.remove("data") } == "error: no such folder: data\n")
    #expect(
      try failure { $0.remove("run/checkpoint.safetensors") }
        == "error: run/checkpoint.safetensors can't be read: No such file or directory\n")
    #expect(
      try failure {
        try $0.write($0.bytes("run/checkpoint.safetensors").dropLast(), to: "run/checkpoint.safetensors")
      }
      .hasPrefix("error: run/checkpoint.safetensors is not a sound safetensors file: "))
    #expect(
      try failure { $0.write(Array("{}".utf8), to: "run/run.json") }
        == "error: run/run.json is not the record of a run\n")
    #expect(
      try failure { $0.remove("run/model.yaml") } == "error: run/model.yaml: No such file or directory\n")
    let wider = Sandbox.model.replacing("units: 8", with: "units: 9")
    #expect(
      try failure { $0.write(Array(wider.utf8), to: "run/model.yaml") }
        == "error: parameter layers.1.weight is float32 [16, 8] in the weights and float32 [16, 9] in the model\n"
    )
  }
}
