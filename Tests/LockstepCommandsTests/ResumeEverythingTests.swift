import Foundation
import Testing

/// The real program, with everything a training can keep from step to step.
@Suite("A run that is stopped anywhere")
struct ResumeEverythingTests {
  /// Five batches an epoch, of which two share a step, and dropout.
  private static let model =
    Sandbox.model.components(separatedBy: "training:")[0] + """
      training:
        epochs: 80
        batchSize: 4
        learningRate: 0.01
        weightDecay: 0.01
        optimizer: {adam: {beta2: 0.99}}
        schedule: cosine
        warmupEpochs: 3
        ema: 0.9
        accumulate: 2
        clipNorm: 1

      """

  private static func sandbox() -> Sandbox {
    let sandbox = Sandbox()
    sandbox.write(Array(model.utf8), to: "model.yaml")
    return sandbox
  }

  /// All that a run leaves, but for times.
  private static func outcome(_ sandbox: Sandbox, _ run: String) throws -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for name in ["final", "best", "last", "ema", "checkpoint"] {
      result[name] = try sandbox.bytes("\(run)/\(name).safetensors")
    }
    result["epochs"] = try sandbox.bytes("\(run)/epochs.csv")
    let rows = try sandbox.text("\(run)/metrics.csv").split(separator: "\n").map {
      $0.split(separator: ",").dropLast().joined(separator: ",")
    }
    result["metrics"] = Array(rows.joined(separator: "\n").utf8)
    return result
  }

  /// Trains in `run`, stopped by a signal again and again at random times, until it is finished. How often it was.
  private static func trainWithStops(
    _ sandbox: Sandbox, _ signals: [Int32], _ arguments: [String] = []
  ) throws -> Int {
    var stops = 0
    for signal in signals {
      let isFirst = !sandbox.exists("run/run.json")
      let program = try RunningProgram(
        "train",
        isFirst
          ? ["--data", "data", "--model", "model.yaml", "--output", "run", "--no-curves"] + arguments
          : ["--resume", "run", "--no-curves"], in: sandbox)
      if isFirst { program.wait { sandbox.exists("run/run.json") } }
      // A few epochs, or, of one that goes on, perhaps nothing at all.
      usleep(UInt32.random(in: 0..<(isFirst ? 20_000 : 120_000)))
      program.send(signal)
      let code = program.outcome().code
      if code == 0 { return stops }
      #expect(code == (signal == SIGKILL ? -SIGKILL : 128 + signal) || code == -signal, "\(code)")
      stops += 1
    }
    let end = try sandbox.run("train", ["--resume", "run", "--no-curves"])
    #expect(end.code == 0, "\(end.errors)")
    return stops
  }

  @Test(
    "and goes on leaves the files of one that was never stopped, byte for byte",
    arguments: [
      ([SIGKILL, SIGKILL, SIGKILL, SIGKILL], ["--checkpoint-every", "3"]),
      ([SIGKILL, SIGKILL, SIGKILL], []), ([SIGINT, SIGINT, SIGINT, SIGINT], []),
      ([SIGINT, SIGKILL, SIGTERM, SIGKILL], ["--checkpoint-every", "1"]),
    ])
  func sameFiles(signals: [Int32], arguments: [String]) throws {
    let sandbox = Self.sandbox()
    #expect(try Self.trainWithStops(sandbox, signals, arguments) > 0)
    let whole = try sandbox.run(
      "train",
      ["--data", "data", "--model", "model.yaml", "--quiet", "--no-curves", "--output", "whole"] + arguments)
    #expect(whole.code == 0, "\(whole.errors)")
    let (one, other) = (try Self.outcome(sandbox, "run"), try Self.outcome(sandbox, "whole"))
    for name in one.keys { #expect(one[name] == other[name], "\(name)") }
    #expect(try sandbox.digest("run") == sandbox.digest("whole"))
    #expect(try sandbox.record("run")["status"] as? String == "finished")
  }

  @Test("its length can't change where the learning rate depends on it")
  func length() throws {
    let sandbox = Self.sandbox()
    try sandbox.train("--quiet", "--output", "run", "--epochs", "5")
    let refused = try sandbox.run("train", ["--resume", "run", "--epochs", "6"])
    #expect(refused.code == 2)
    #expect(
      refused.errors == "error: run can't go on with other settings than it has: epochs is 5, not 6\n"
        + "       see train --help\n")
  }

  @Test("a time limit ends it after a step, without an error, and it goes on")
  func timeLimit() throws {
    let sandbox = Self.sandbox()
    let outcome = try sandbox.train("--output", "run", "--epochs", "100000", "--time-limit", "0.2s")
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.contains("\nstopped   after step "))
    #expect(outcome.output.hasSuffix("lockstep train --resume run\n"))
    #expect(try sandbox.record("run")["status"] as? String == "interrupted")
    let steps = try #require(try sandbox.record("run")["stepCount"] as? Int)
    #expect(steps > 0)
    let more = try sandbox.run("train", ["--resume", "run", "--time-limit", "0.2s", "--no-curves"])
    #expect(more.code == 0)
    #expect(try #require(try sandbox.record("run")["stepCount"] as? Int) > steps)
  }

  @Test("early stopping ends it before its last epoch, and it is complete")
  func earlyStopping() throws {
    let sandbox = Self.sandbox()
    let outcome = try sandbox.train(
      "--output", "run", "--optimizer", "sgd", "--learning-rate", "1e-30", "--early-stopping", "patience=2")
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.contains("\nfinished  3 epochs, stopped early, in "))
    let record = try sandbox.record("run")
    #expect(record["status"] as? String == "finished" && record["isStoppedEarly"] as? Bool == true)
    #expect(sandbox.exists("run/final.safetensors"))
    let again = try sandbox.run("train", ["--resume", "run"])
    #expect(again.code == 2)
    #expect(
      again.errors
        == "error: run was ended by early stopping after epoch 3: it is complete\n       see train --help\n")
  }

  @Test("what is not the default is in the first lines, and the average is told of")
  func header() throws {
    let sandbox = Self.sandbox()
    let outcome = try sandbox.train("--output", "run", "--epochs", "4", "--freeze", "layers.1.*")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(
      lines.contains("training  4 epochs, batch 4, adam, learning rate 0.01, weight decay 0.01, seed 0"))
    let with = try #require(lines.firstIndex { $0.hasPrefix("with ") })
    #expect(
      lines[with..<(with + 6)].map { $0.dropFirst(10) } == [
        "cosine schedule", "warm-up 3 epochs", "gradients clipped to norm 1.0", "2 batches a step",
        "weights averaged with 0.9", "frozen layers.1.*",
      ])
    #expect(lines.contains("average   run/ema.safetensors"))
    let finished = try #require(lines.first { $0.hasPrefix("finished") })
    #expect(
      finished.wholeMatch(
        of: /finished  4 epochs in .+, test accuracy 0\.\d+, of the average 0\.\d+ \(best 0\.\d+\)/) != nil)
    #expect(lines.contains { $0.contains("ema accuracy") })
    let evaluated = try sandbox.run("lockstep", ["evaluate", "run", "--weights", "ema", "--json"])
    #expect(evaluated.code == 0, "\(evaluated.errors)")
  }

  @Test("inspect says how its weights are moved, and no command that would be refused")
  func inspect() throws {
    let sandbox = Self.sandbox()
    try sandbox.train("--quiet", "--output", "run", "--epochs", "4")
    let lines = try sandbox.run("lockstep", ["inspect", "run"], environment: ["COLUMNS": "400"]).output
      .split(separator: "\n").map(String.init)
    let training = try #require(lines.first { $0.hasPrefix("training") })
    #expect(training.hasPrefix("training  adam, batch size 4, epochs 4, learning rate 0.01, seed 0, "))
    #expect(
      training.hasSuffix(
        "cosine schedule, warm-up 3 epochs, gradients clipped to norm 1.0, 2 batches a step, weights averaged with 0.9"
      ))
    #expect(!lines.contains { $0.contains("--resume") }, "its rates depend on its length")
  }
}
