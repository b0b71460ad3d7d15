import Foundation
import Testing

@Suite("Help")
struct HelpTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Fixtures")

  @Test(
    "--help prints the text in Fixtures, and nothing is done",
    arguments: [
      ("train", ["--help"], "train"), ("train", ["-h"], "train"), ("lockstep", ["--help"], "lockstep"),
      ("lockstep", [], "lockstep"), ("lockstep", ["help"], "lockstep"),
      ("lockstep", ["train", "--help"], "lockstep-train"), ("lockstep", ["help", "train"], "lockstep-train"),
      ("lockstep", ["evaluate", "--help"], "lockstep-evaluate"),
      ("lockstep", ["predict", "--help"], "lockstep-predict"),
      ("lockstep", ["inspect", "--help"], "lockstep-inspect"),
      ("lockstep", ["sweep", "--help"], "lockstep-sweep"),
      ("lockstep", ["compare", "--help"], "lockstep-compare"),
      ("lockstep", ["diff", "--help"], "lockstep-diff"),
      ("lockstep", ["explain", "--help"], "lockstep-explain"),
      ("lockstep", ["dataset", "--help"], "lockstep-dataset"),
      ("lockstep", ["dataset", "info", "--help"], "lockstep-dataset-info"),
      ("lockstep", ["dataset", "verify", "--help"], "lockstep-dataset-verify"),
      ("lockstep", ["dataset", "preview", "--help"], "lockstep-dataset-preview"),
      ("lockstep", ["dataset", "import-idx", "--help"], "lockstep-dataset-import-idx"),
      ("lockstep", ["dataset", "import-npz", "--help"], "lockstep-dataset-import-npz"),
      ("lockstep", ["dataset", "export-npz", "--help"], "lockstep-dataset-export-npz"),
      ("lockstep", ["bench", "--help"], "lockstep-bench"),
      ("lockstep", ["doctor", "--help"], "lockstep-doctor"),
      ("lockstep", ["convert", "--help"], "lockstep-convert"),
      ("lockstep", ["export", "--help"], "lockstep-export"),
    ])
  func help(program: String, arguments: [String], fixture: String) throws {
    let sandbox = Sandbox(hasData: false)
    let before = sandbox.everything
    let outcome = try sandbox.run(program, arguments)
    let file = Self.fixtures.appending(path: "\(fixture).help")
    // LOCKSTEP_RECORD=1 swift test --filter HelpTests writes the texts anew; look at the difference.
    if ProcessInfo.processInfo.environment["LOCKSTEP_RECORD"] != nil {
      try outcome.output.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(outcome.output == (try? String(contentsOf: file, encoding: .utf8)))
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    #expect(sandbox.everything == before)
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE: ") })
  }

  @Test("--version prints the version", arguments: ["train", "lockstep"])
  func version(program: String) throws {
    let outcome = try Sandbox(hasData: false).run(program, ["--version"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }

  @Test(
    "a command line that can't be understood gets a line, and where to look",
    arguments: [
      (["trian"], "there is no command 'trian'; the commands are train, ", "lockstep"),
      (["--verbose"], "Unknown option '--verbose'", "lockstep"),
      (["evaluate"], "Missing expected argument '<run>'", "lockstep evaluate"),
      (["predict", "run"], "Missing expected argument '<image> ...'", "lockstep predict"),
      (["train", "--bogus"], "Unknown option '--bogus'", "lockstep train"),
      (["train", "--epochs", "0"], "epochs must be at least 1, not 0", "lockstep train"),
    ])
  func usage(arguments: [String], message: String, command: String) throws {
    let sandbox = Sandbox()
    let extra = arguments == ["train", "--epochs", "0"] ? ["--data", "data", "--model", "model.yaml"] : []
    let outcome = try sandbox.run("lockstep", arguments + extra)
    #expect(outcome.code == 2 && outcome.output.isEmpty)
    // The list of commands grows.
    let lines = outcome.errors.split(separator: "\n")
    #expect(
      message.hasSuffix(" ") ? lines[0].hasPrefix("error: \(message)") : lines[0] == "error: \(message)")
    #expect(lines.dropFirst() == ["       see \(command) --help"])
  }

  @Test("a script that starts the program is the one to type again")
  func script() throws {
    let sandbox = Sandbox()
    let environment = ["LOCKSTEP_INVOKED_AS": "scripts/train"]
    let outcome = try sandbox.train("--epochs", "0", environment: environment)
    #expect(outcome.errors.hasSuffix("\n       see scripts/train --help\n"))
  }
}
