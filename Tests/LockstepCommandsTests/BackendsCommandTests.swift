import Foundation
import Testing

/// Workers under QEMU are started here; LOCKSTEP_SKIP_EMULATED=1 leaves them out, except in CI.
private let areEmulatedTestsWanted =
  ProcessInfo.processInfo.environment["CI"] == "true"
  || ProcessInfo.processInfo.environment["LOCKSTEP_SKIP_EMULATED"] != "1"

@Suite("Backends on the command line")
struct BackendsCommandTests {
  /// A backend, and what is chosen with it.
  private struct Row: Hashable {
    let name: String
    let translator: String?
  }

  private static let rows = [
    Row(name: "native", translator: nil), Row(name: "reference", translator: nil),
    Row(name: "control-x86", translator: nil), Row(name: "emulated-x86", translator: "qemu"),
    Row(name: "emulated-x86", translator: "valgrind"), Row(name: "emulated-x86", translator: "box64"),
    Row(name: "emulated-x86", translator: "fex"), Row(name: "emulated-x86", translator: "rosetta"),
    Row(name: "emulated-arm64", translator: "qemu"),
  ]

  @Test("`lockstep backends` says of each whether it runs and what it shows, or why not")
  func text() throws {
    let outcome = try Sandbox(hasData: false).run("lockstep", ["backends"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 2 * Self.rows.count, "\(outcome.output)")
    for (index, row) in Self.rows.enumerated() where 2 * index + 1 < lines.count {
      let title = row.name + (row.translator.map { " --translator \($0)" } ?? "")
      let (head, details) = (lines[2 * index], lines[2 * index + 1])
      #expect(head.hasPrefix("yes  \(title) ") || head.hasPrefix("no   \(title) "), "\(head)")
      #expect(details.hasPrefix("     ") && details.count > 10, "\(details)")
    }
    #expect(lines[4].hasPrefix("yes"), "the control is built with the tests")
    #expect(lines[5] == "     x86_64, OpenBLAS kernels Nehalem, own kernels x86-64-v2")
  }

  @Test("`lockstep backends --json` has the same rows for programs")
  func json() throws {
    let outcome = try Sandbox(hasData: false).run("lockstep", ["backends", "--json"])
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    #expect(
      rows.map { Row(name: $0["name"] as? String ?? "", translator: $0["translator"] as? String) }
        == Self.rows)
    for row in rows {
      let runs = try #require(row["runsHere"] as? Bool)
      let backend = row["backend"] as? [String: Any]
      #expect(runs == (backend != nil) && runs == (row["problem"] as? String == nil), "\(row)")
      guard runs, let translator = row["translator"] as? String else { continue }
      #expect((backend?["translator"] as? String)?.hasPrefix(translator) == true)
      #expect(backend?["cpuProfile"] is String && backend?["evidence"] is String)
    }
  }

  @Test(
    "settings that a backend doesn't have are refused in one line",
    arguments: [
      (
        ["--translator", "qemu"],
        "--translator goes with --backend emulated-x86 or emulated-arm64, not native"
      ),
      (
        ["--backend", "control-x86", "--translator", "qemu"],
        "--translator goes with --backend emulated-x86 or emulated-arm64, not control-x86"
      ),
      (
        ["--backend", "emulated-x86", "--translator", "qemo"],
        "there is no translator 'qemo'; there are qemu, valgrind, box64, fex, rosetta, or a path with arguments"
      ),
      (
        ["--backend", "emulated-x86", "--translator", "none"],
        "without a translator nothing is emulated: --backend control-x86 is that"
      ),
      (
        ["--cpu-profile", "core2"],
        "--cpu-profile goes with control and emulated backends, not native"
      ),
      (
        ["--backend", "emulated-x86", "--cpu-profile", "486"],
        "there is no CPU profile '486'; there are rosetta2-launch, core2, avx2, neoverse-n1"
      ),
      (
        ["--backend", "control-x86", "--cpu-profile", "neoverse-n1"],
        "the CPU profile neoverse-n1 is aarch64, control-x86 is x86_64"
      ),
      (
        ["--backend", "emulated-arm64", "--cpu-profile", "core2"],
        "the CPU profile core2 is x86_64, emulated-arm64 is aarch64"
      ),
      (
        ["--backend", "x86"],
        "there is no backend 'x86'; the backends are native, reference, control-x86, emulated-x86, emulated-arm64"
      ),
    ])
  func wrongSettings(_ arguments: [String], _ message: String) throws {
    let sandbox = Sandbox()
    let outcome = try sandbox.run(
      "train", ["--data", "data", "--model", "model.yaml", "--output", "run"] + arguments)
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors == "error: \(message)\n       see train --help\n")
    #expect(!sandbox.exists("run"))
  }

  @Test("a translator that is not there is an error that says what to do")
  func missingTranslator() throws {
    let sandbox = Sandbox()
    let outcome = try sandbox.train("--backend", "emulated-x86", "--translator", "/nowhere/translator -x")
    #expect(outcome.code == 1)
    #expect(outcome.errors.hasPrefix("error: the translator '/nowhere/translator -x' is not installed"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  #if os(Linux)
    @Test("Rosetta is not looked for in Linux's `arch`, which is something else")
    func rosetta() throws {
      let outcome = try Sandbox().train("--backend", "emulated-x86", "--translator", "rosetta")
      #expect(outcome.code == 1)
      #expect(
        outcome.errors == """
          error: the translator 'rosetta' is not installed; to install it: \
          softwareupdate --install-rosetta (it needs a Mac with an Apple chip)

          """)
    }
  #endif

  @Test("a foreign worker that is not there is an error that says how to make it")
  func missingForeignWorker() throws {
    // It looks for workers beside itself, so a copy finds none.
    let sandbox = Sandbox()
    try FileManager.default.copyItem(
      atPath: "\(RunningProgram.folder)/train", toPath: "\(sandbox.path)/train")
    let outcome = try sandbox.run(
      "\(sandbox.path)/train",
      ["--data", "data", "--model", "model.yaml", "--backend", "emulated-arm64", "--output", "run"])
    #expect(outcome.code == 1)
    #expect(
      outcome.errors.hasPrefix("error: lockstep-worker was not found; looked for \(sandbox.path)/workers/"))
    #expect(outcome.errors.hasSuffix("; scripts/build-worker arm64 makes it\n"))
  }
}

@Suite("Emulated training on the command line", .enabled(if: areEmulatedTestsWanted))
struct EmulatedTrainingTests {
  /// Layers wide enough that QEMU computes for most of the time, and most of that in the layers.
  private static let wideModel = """
    name: wide
    layers:
      - flatten
      - dense: {units: 256, activation: relu}
      - dense: {units: 256, activation: relu}
      - dense: {units: classes}
    training:
      epochs: 3
      batchSize: 9
      learningRate: 0.1

    """

  @Test("the record says what translated, how that is known, and how much longer than native it took")
  func record() throws {
    let sandbox = Sandbox()
    let options = ["--epochs", "2", "--quiet"]
    let model = ["--data", "data", "--model", "model.yaml"]
    for backend in ["emulated-x86", "control-x86"] {
      let outcome = try sandbox.run("train", model + options + ["--backend", backend, "--output", backend])
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    let emulated = try sandbox.record("emulated-x86")
    let backend = try #require(emulated["backend"] as? [String: Any])
    #expect(backend["name"] as? String == "emulated-x86")
    let translator = try #require(backend["translator"] as? String)
    #expect(translator.hasPrefix("qemu-x86_64 ") && translator.hasSuffix(" -cpu Westmere"), "\(translator)")
    #expect(backend["cpuProfile"] as? String == "rosetta2-launch")
    #expect((backend["evidence"] as? String)?.contains("TCGTCGTCGTCG") == true)
    #expect(backend["isaLevel"] as? String == "x86-64-v2")
    #expect(backend["blasCore"] as? String == "Nehalem")
    let timing = try #require(emulated["timing"] as? [String: Any])
    #expect(try #require(timing["timesNative"] as? Double) > 1)
    #expect(try sandbox.digest("emulated-x86") == sandbox.digest("control-x86"))

    let control = try #require(try sandbox.record("control-x86")["backend"] as? [String: Any])
    #expect(control["translator"] as? String == "none")
  }

  @Test("a run goes on with the CPU profile it began with, and says so when it is given another")
  func resumesTheProfile() throws {
    let sandbox = Sandbox()
    #expect(
      try sandbox.train(
        "--backend", "control-x86", "--cpu-profile", "core2", "--epochs", "1", "--output", "run", "--quiet"
      ).code == 0)
    let resumed = try sandbox.run("train", ["--resume", "run", "--epochs", "2"])
    #expect(resumed.code == 0 && resumed.errors.isEmpty, "\(resumed.errors)")
    let backend = try #require(try sandbox.record("run")["backend"] as? [String: Any])
    #expect(backend["cpuProfile"] as? String == "core2" && backend["isaLevel"] as? String == "scalar")

    let changed = try sandbox.run("train", ["--resume", "run", "--epochs", "3", "--backend", "native"])
    #expect(changed.code == 0)
    #expect(changed.errors.hasPrefix("note: up to here the run was computed by control-x86: "))
    #expect(changed.errors.contains("; it goes on with native: "))
  }

  @Test("a training that diverges natively as well is the run's own failure, recorded in its folder")
  func divergesInItsOwnRun() throws {
    let sandbox = Sandbox()
    let outcome = try sandbox.train(
      "--backend", "control-x86", "--learning-rate", "1e30", "--epochs", "9", "--output", "run", "--quiet")
    #expect(outcome.code == 1 && outcome.errors.contains(" in step "), "\(outcome.errors)")
    #expect(try sandbox.record("run")["status"] as? String == "failed")
  }

  @Test("a worker that is killed ends the training with one line at once; it can go on, to the same weights")
  func killedWorker() throws {
    let sandbox = Sandbox()
    sandbox.write(Array(Self.wideModel.utf8), to: "model.yaml")
    let program = try RunningProgram(
      "train",
      [
        "--data", "data", "--model", "model.yaml", "--backend", "emulated-x86", "--output", "run",
        "--epochs", "1000000",
      ], in: sandbox)
    try program.wait {
      guard sandbox.exists("run/run.json") else { return false }
      return try sandbox.record("run")["epochCount"] as! Int >= 1
    }
    let workers = sandbox.processes(named: "lockstep-worker")
    try #require(workers.count == 1)
    let clock = ContinuousClock()
    let start = clock.now
    kill(workers[0], SIGKILL)
    let outcome = program.outcome()
    #expect(clock.now - start < .seconds(2))

    #expect(outcome.code == 1)
    // Nearly all of the time goes into layers, and a little into loss, metrics and update.
    let expected =
      /error: the worker was killed by signal 9 \(SIGKILL[^)]*\) during [\w ]+ of (layers\.\d|loss|metrics|\(update\))[^\n]*; go on with [^\n]*train --resume run\n/
    #expect(outcome.errors.wholeMatch(of: expected) != nil, "\(outcome.errors)")
    #expect(sandbox.processes(named: "").isEmpty)
    let record = try sandbox.record("run")
    #expect(record["status"] as? String == "failed")

    let epochs = "\(try #require(record["epochCount"] as? Int) + 1)"
    let resumed = try sandbox.run(
      "train", ["--resume", "run", "--epochs", epochs, "--backend", "emulated-x86", "--quiet"])
    #expect(resumed.code == 0, "\(resumed.errors)")
    let whole = try sandbox.train(
      "--backend", "control-x86", "--epochs", epochs, "--output", "whole", "--quiet")
    #expect(whole.code == 0, "\(whole.errors)")
    #expect(try sandbox.digest("run") == sandbox.digest("whole"))
  }
}

extension Sandbox {
  /// The processes that work in this folder and have a word in their command line.
  fileprivate func processes(named word: String) -> [pid_t] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap(pid_t.init).filter { process in
      let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
      let commandLine = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
      return folder == path && (word.isEmpty || String(decoding: commandLine, as: UTF8.self).contains(word))
    }
  }
}
