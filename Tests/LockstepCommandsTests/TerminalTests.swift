import Foundation
import Testing

@Suite("Terminals, pipes and disks")
struct TerminalTests {
  static let script = "/usr/bin/script"
  static let hasScript = FileManager.default.isExecutableFile(atPath: script)
  private static let train = "\(RunningProgram.folder)/train --data data --model model.yaml"

  private func shell(_ line: String, in sandbox: Sandbox, environment: [String: String] = [:]) throws
    -> Outcome
  {
    try sandbox.run("/bin/bash", ["-c", line], environment: environment)
  }

  /// Runs a line on a pseudo-terminal of so many columns, long enough for the progress line to be drawn.
  private func terminal(columns: Int, environment: [String: String] = [:]) throws -> String {
    let line = "stty cols \(columns); \(Self.train) --output run --epochs 100"
    return try Sandbox().run(
      Self.script, ["-qec", line, "/dev/null"],
      environment: ["TERM": "xterm-256color"].merging(environment) { $1 }
    ).output
  }

  @Test(
    "on a terminal a line moves, within its width, and there is colour", .enabled(if: hasScript),
    arguments: [80, 40])
  func progress(columns: Int) throws {
    let output = try terminal(columns: columns)
    let drawn = output.components(separatedBy: "\r\u{1B}[K").filter { $0.hasPrefix("epoch ") }
    #expect(!drawn.isEmpty)
    #expect(drawn.allSatisfy { $0.count < columns }, "\(drawn.first ?? "")")
    if columns == 80 {
      let whole =
        /epoch +\d+\/100  [█░]+  loss \d+\.\d{4}  accuracy \d\.\d{3}  [\d,]+ images\/s  ETA [\d.:]+( s)?/
      #expect(drawn.allSatisfy { $0.wholeMatch(of: whole) != nil }, "\(drawn.first ?? "")")
    }
    #expect(output.contains("\u{1B}[1mdata      \u{1B}[0m"))
    #expect(output.contains("\u{1B}[32m  best\u{1B}[0m"))
    #expect(output.contains("\r\u{1B}[K\u{1B}[0m") == false)
  }

  @Test("NO_COLOR leaves the moving line and no colour", .enabled(if: hasScript))
  func noColor() throws {
    let output = try terminal(columns: 80, environment: ["NO_COLOR": "1"])
    #expect(output.contains("\r\u{1B}[Kepoch "))
    #expect(!output.replacing("\r\u{1B}[K", with: "").contains("\u{1B}"))
  }

  @Test("a dumb terminal gets plain lines", .enabled(if: hasScript))
  func dumb() throws {
    #expect(try !terminal(columns: 80, environment: ["TERM": "dumb"]).contains("\u{1B}"))
  }

  @Test("a reader that goes away is no failure of the training")
  func closedPipe() throws {
    let sandbox = Sandbox()
    let outcome = try shell(
      "\(Self.train) --output run | head -1; echo ${PIPESTATUS[0]}", in: sandbox)
    #expect(outcome.output == "data      data: 3 classes, images 4x4x1, 18 to train, 9 to test\n0\n")
    #expect(outcome.errors.isEmpty)
    #expect(try sandbox.record("run")["status"] as? String == "finished")
  }

  @Test("with standard output closed the files are what they are otherwise")
  func closedOutput() throws {
    let sandbox = Sandbox()
    #expect(try shell("\(Self.train) --output run >&- 2>&- <&-", in: sandbox).code == 0)
    #expect(try sandbox.text("run/metrics.csv").split(separator: "\n").count == 16)
    #expect(try sandbox.text("run/metrics.csv").hasPrefix("step,epoch,"))
  }

  @Test(
    "a result that can't be written is an error",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullOutput() throws {
    let sandbox = Sandbox()
    let message = "error: the result can't be written: No space left on device\n"
    let outcome = try shell("\(Self.train) --quiet --json --output run >/dev/full", in: sandbox)
    #expect(outcome.code == 1 && outcome.errors == message)
    for command in ["evaluate run", "evaluate run --json", "predict run data/test/ant/0.png"] {
      let outcome = try shell("\(RunningProgram.folder)/lockstep \(command) >/dev/full", in: sandbox)
      #expect(outcome.code == 1 && outcome.errors == message, "\(command)")
    }
  }

  @Test("where files can't grow the run ends with one line, and nothing of it is left")
  func fileSizeLimit() throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    // Blocks of 1024 bytes: enough for the weights, not for the checkpoint with the optimizer's state.
    let outcome = try shell("ulimit -f 1; \(Self.train) --quiet --output run", in: sandbox)
    #expect(outcome.code == 1)
    #expect(outcome.errors == "error: run/checkpoint.safetensors can't be written: File too large\n")
    #expect(sandbox.everything == before)
  }

  @Test("a full disk ends the run with one line; what is there is whole, and goes on elsewhere")
  func fullDisk() throws {
    let sandbox = Sandbox()
    sandbox.makeFolder("disk")
    // Needs the rights of root; where they are missing, fileSizeLimit() has to do.
    let mount = try shell("mount -t tmpfs -o size=36k tmpfs disk", in: sandbox)
    guard mount.code == 0 else { return }
    defer { _ = try? shell("umount disk", in: sandbox) }
    let outcome = try shell("\(Self.train) --quiet --epochs 1000000 --output disk/run", in: sandbox)
    #expect(outcome.code == 1)
    #expect(outcome.errors.hasPrefix("error: disk/run/"))
    #expect(outcome.errors.hasSuffix(" can't be written: No space left on device\n"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(sandbox.everything.allSatisfy { !$0.hasSuffix(".partial") })
    for row in try sandbox.text("disk/run/metrics.csv").split(separator: "\n") {
      #expect(row.split(separator: ",").count == 7)
    }
    #expect(try sandbox.text("disk/run/metrics.csv").hasSuffix("\n"))
    let record = try sandbox.record("disk/run")
    let epochs = try #require(record["epochCount"] as? Int)
    #expect(epochs > 0)

    try FileManager.default.copyItem(atPath: sandbox.path + "/disk/run", toPath: sandbox.path + "/run")
    let resumed = try sandbox.run("train", ["--resume", "run", "--epochs", "\(epochs + 1)", "--quiet"])
    #expect(resumed.code == 0, "\(resumed.errors)")
    try sandbox.train("--quiet", "--output", "whole", "--epochs", "\(epochs + 1)")
    #expect(try sandbox.bytes("run/final.safetensors") == sandbox.bytes("whole/final.safetensors"))
  }
}
