import Foundation
import Testing

/// A command line that makes no sense, and what `diff` says of it.
struct BadDiff: Sendable, CustomTestStringConvertible {
  let arguments: [String]
  let message: String

  var testDescription: String { arguments.joined(separator: " ") }
}

@Suite("diff")
struct DiffCommandTests {
  private static let mistakes: [BadDiff] = [
    .init(
      arguments: ["--backends", "native,amiga"],
      message:
        "there is no backend 'amiga'; the backends are native, reference, control-x86, emulated-x86, emulated-arm64"
    ),
    .init(
      arguments: ["--backends", "native"],
      message: "--backends takes two names, such as native,control-x86, not 1: 'native'"),
    .init(
      arguments: ["--backends", "native,"],
      message: "--backends takes two names, such as native,control-x86, not 1: 'native,'"),
    .init(
      arguments: ["--backends", "native,reference,native"],
      message: "--backends takes two names, such as native,control-x86, not 3: 'native,reference,native'"),
    .init(
      arguments: ["--backends", "native,reference@core2"],
      message: "'reference@core2': the reference is the same on every CPU"),
    .init(
      arguments: ["--backends", "native/qemu,native"], message: "'native/qemu': native is not translated"),
    .init(
      arguments: ["--backends", "native,control-x86@z80"],
      message: "there is no CPU profile 'z80'; there are rosetta2-launch, core2, avx2, neoverse-n1"),
    .init(
      arguments: ["--backends", "native,emulated-x86/bochs"],
      message:
        "there is no translator 'bochs'; there are qemu, valgrind, box64, fex, rosetta, or a path with arguments"
    ),
    .init(
      arguments: ["--backends", "native,native", "--steps", "0"], message: "--steps must be at least 1, not 0"
    ),
    .init(
      arguments: ["--backends", "native,native", "--steps", "2", "--epochs", "1"],
      message: "give either --steps or --epochs"),
    .init(
      arguments: ["--backends", "native,native", "--epochs", "0"], message: "epochs must be at least 1, not 0"
    ),
    .init(
      arguments: ["--backends", "native,native", "--judge-steps", "-1"],
      message: "--judge-steps must be at least 1, not -1"),
    .init(
      arguments: ["--backends", "native,native", "--threads", "0"],
      message: "--threads must be between 1 and 1024, not 0"),
    .init(
      arguments: ["--backends", "native,native", "--report", "out.pdf"],
      message: "out.pdf: a report is written as .html; please give a name that ends so"),
  ]

  private func diff(_ sandbox: Sandbox, _ arguments: [String]) throws -> Outcome {
    try sandbox.run("lockstep", ["diff", "--data", "data", "--model", "model.yaml"] + arguments)
  }

  @Test("what makes no sense gets a line and exit code 2, and nothing is written", arguments: mistakes)
  func badInput(_ bad: BadDiff) throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    let outcome = try diff(sandbox, bad.arguments)
    #expect(outcome.code == 2 && outcome.output.isEmpty)
    #expect(outcome.errors == "error: \(bad.message)\n       see lockstep diff --help\n")
    #expect(sandbox.everything == before)
  }

  @Test("an instruction-set level that the CPU has not gets a line that lists those it has")
  func level() throws {
    let outcome = try diff(Sandbox(), ["--backends", "native@x86-64-v9,native"])
    #expect(outcome.code == 2)
    #expect(
      outcome.errors.hasPrefix(
        "error: 'native@x86-64-v9': this CPU has no such instruction-set level; it has scalar, "))
  }

  @Test("the same backend twice differs in nothing, and writes nothing")
  func same() throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    let outcome = try diff(sandbox, ["--backends", "native, native", "--steps", "7", "--quiet"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.wholeMatch(of: /no difference in \d+ instructions of 7 steps\n/) != nil)
    #expect(sandbox.everything == before)
  }

  @Test("a difference by rounding is named, judged, and no failure")
  func rounding() throws {
    let outcome = try diff(Sandbox(), ["--backends", "native,reference", "--steps", "6"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    let pattern =
      /first difference: step 1, (\S+ )?\((forward|backward)\) \w+, \d+ of \d+ elements, at most \d+ ulp; .+/
    #expect(lines.contains { $0.wholeMatch(of: pattern) != nil })
    #expect(outcome.output.contains("green"))
    #expect(!outcome.output.contains(" red"))
    #expect(lines.allSatisfy { $0.count <= 80 || $0.hasPrefix("first difference: ") })
  }

  @Test("a faulty operation is exit code 3, and is named with its layer and phase")
  func faulty() throws {
    let sandbox = Sandbox()
    let outcome = try diff(
      sandbox,
      [
        "--backends", "native,native", "--steps", "3", "--inject-fault", "bf16-products", "--report",
        "out.html",
      ])
    #expect(outcome.code == 3)
    #expect(outcome.errors.hasPrefix("warning: the second backend is faulty on purpose (bf16-products): "))
    let verdict = "FAULTY OPERATION (step 1, layers.1 (forward) matmul) on the second native: "
    #expect(outcome.output.contains(verdict))
    let page = try sandbox.text("out.html")
    #expect(page.contains(verdict))
    #expect(page.contains("first flip") || page.contains("No unit decided otherwise"))
  }

  @Test("JSON is what a program reads: the verdict, rows by layer, the judged steps")
  func json() throws {
    let outcome = try diff(
      Sandbox(), ["--backends", "native,reference", "--epochs", "1", "--judge-steps", "2", "--json"])
    #expect(outcome.code == 0)
    let contents = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect((contents["verdict"] as? String)?.hasPrefix("first difference: step 1") == true)
    #expect(contents["stepsPerEpoch"] as? Int == 5)
    let differences = try #require(contents["differences"] as? [String: Any])
    #expect(differences["judgedStepCount"] as? Int == 2)
    #expect((differences["steps"] as? [Any])?.count == 5)
    let rows = try #require(differences["rows"] as? [[String: Any]])
    let product = try #require(
      rows.first { ($0["kind"] as? [String: Any])?["operation"] as? String == "matmul" })
    #expect(product["instructionCount"] as? Int == 5 && product["judgedCount"] as? Int == 2)
    // What a person reads went elsewhere.
    #expect(outcome.errors.contains("first difference"))
  }

  @Test("a training whose loss stops being finite is a failure with a report")
  func notFinite() throws {
    let outcome = try diff(
      Sandbox(), ["--backends", "native,native", "--learning-rate", "1e20", "--epochs", "3"])
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("no difference in"))
    #expect(outcome.errors.hasPrefix("error: the training ended early: the loss is "))
  }
}
