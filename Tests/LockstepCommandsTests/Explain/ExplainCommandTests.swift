import Foundation
import Testing

@Suite("lockstep explain")
struct ExplainCommandTests {
  private static let arguments = ["explain", "--data", "data", "--model", "model.yaml"]

  private static let checkReport = URL(filePath: #filePath)
    .appending(path: "../../../../scripts/check-report").standardized.path

  /// As the reports' own tests: a missing browser is a failure unless `LOCKSTEP_SKIP_BROWSER=1` says otherwise.
  private static var wantsBrowser: Bool {
    let environment = ProcessInfo.processInfo.environment
    return environment["CI"] == "true" || environment["LOCKSTEP_SKIP_BROWSER"] != "1"
  }

  @discardableResult
  private func explain(
    _ sandbox: Sandbox, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Outcome {
    try sandbox.run("lockstep", Self.arguments + arguments, environment: environment)
  }

  private func record(_ json: String) throws -> [String: Any] {
    let contents = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    return try #require(contents?["record"] as? [String: Any])
  }

  private func headline(_ json: String) throws -> String {
    let contents = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let conclusion = try #require(contents?["conclusion"] as? [String: Any])
    return try #require(conclusion["headline"] as? String)
  }

  /// The pairs of runs that were compared for what a role is to show.
  private func pairs(of role: String, _ record: [String: Any]) throws -> [[String: Any]] {
    let judgements = try #require(record["comparisons"] as? [[String: Any]])
    return try judgements.filter { $0["role"] as? String == role }.flatMap {
      try #require($0["pairs"] as? [[String: Any]])
    }
  }

  private func comparisons(_ record: [String: Any]) throws -> [(
    role: String, verdict: String, second: String
  )] {
    try #require(record["comparisons"] as? [[String: Any]]).map { judgement in
      let comparison = try #require(judgement["comparison"] as? [String: Any])
      return (
        try #require(judgement["role"] as? String), try #require(comparison["verdict"] as? String),
        try #require(judgement["second"] as? String)
      )
    }
  }

  @Test("a few seconds give all of it: times, verdicts, square, fates", .timeLimit(.minutes(1)))
  func whole() throws {
    let sandbox = Sandbox()
    let begin = ContinuousClock().now
    let outcome = try explain(
      sandbox,
      [
        "--budget", "4s", "--seeds", "2", "--translator", "qemu", "--threads", "1", "--json", "--output",
        "report",
      ])
    // What cannot be cut, such as starting workers, may come on top.
    #expect(begin.duration(to: ContinuousClock().now) < .seconds(30))
    try #require(outcome.code == 0, "\(outcome.errors)")

    let record = try record(outcome.output)
    #expect(try sandbox.text("report/report.json") == outcome.output)
    #expect(record["status"] as? String == "finished")
    let verdicts = try comparisons(record)
    for role in ["repetition", "protocol", "translation"] {
      let found = verdicts.filter { $0.role == role }
      #expect(!found.isEmpty && found.allSatisfy { $0.verdict == "identical" }, "\(role): \(found)")
    }
    #expect(!verdicts.contains { $0.verdict == "diverged" || $0.verdict == "faultyOperation" })

    let times = try #require((record["times"] as? [[String: Any]])?.first)
    let factors = try #require(times["factors"] as? [[String: Any]])
    #expect(factors.map { $0["name"] as? String } == ["protocol", "dispatch", "translation"])
    func ratio(_ factor: [String: Any]) throws -> Double {
      try #require((factor["ratio"] as? [String: Any])?["ratio"] as? Double)
    }
    let product = try factors.map(ratio).reduce(1, *)
    let total = try ratio(try #require(times["total"] as? [String: Any]))
    #expect(abs(product / total - 1) < 1e-9 && total > 1)

    let square = try #require(record["square"] as? [String: Any])
    #expect((square["cells"] as? [Any])?.count == 4)
    #expect((record["chaos"] as? [String: Any])?["variants"] != nil)
    if Self.wantsBrowser {
      let browser = try sandbox.run(Self.checkReport, ["report/report.html"])
      #expect(browser.code == 0, "\(browser.output)\(browser.errors)")
      let headline = try headline(outcome.output)
      #expect(browser.output.contains("nothing wrong; verdict: \(headline)"))
      // On a slow machine four seconds may be too short for a step whose weights are compared.
      let areCompared = try pairs(of: "translation", record).allSatisfy {
        $0["hasSameWeights"] as? Bool == true
      }
      #expect(
        headline.hasPrefix(
          areCompared ? "Translation changes no bit" : "Whether translation changes bits is not shown"))
    }
    // Nothing but the report is left.
    #expect(sandbox.everything.filter { $0.hasPrefix("report") }.allSatisfy { !$0.contains("partial") })
  }

  @Test("without a translator it says so, and compares kernels")
  func missingTranslator() throws {
    let sandbox = Sandbox()
    let outcome = try explain(
      sandbox,
      [
        "--budget", "2s", "--seeds", "1", "--threads", "1", "--translator", "/none/here", "--output",
        "report",
      ])
    try #require(outcome.code == 0, "\(outcome.errors)")
    // Broken into lines for a person.
    let text = outcome.output.replacing("\n", with: " ")
    #expect(text.contains("Not run here: emulated-x86 (/none/here, rosetta2-launch)"))
    #expect(text.contains("nothing is said about translation"))
    #expect(!text.contains("ranslation changes"))
    let verdicts = try comparisons(try record(try sandbox.text("report/report.json")))
    #expect(verdicts.map(\.role) == ["repetition", "protocol", "dispatch"])
  }

  @Test("Ctrl-C ends with a report of what there is")
  func interrupted() throws {
    let sandbox = Sandbox()
    let program = try RunningProgram(
      "lockstep", Self.arguments + ["--budget", "10m", "--translator", "qemu", "--output", "report"],
      in: sandbox)
    program.wait { sandbox.everything.contains { $0.hasPrefix("report.") } }
    program.send(SIGINT)
    let outcome = program.outcome()
    #expect(outcome.code == 130)
    #expect(outcome.output.contains("The experiment was interrupted"))
    #expect(try record(try sandbox.text("report/report.json"))["status"] as? String == "interrupted")
    #expect(!sandbox.everything.contains { $0.contains("partial") })
  }

  @Test(
    "what makes no sense is said before anything is done",
    arguments: [
      (["--budget", "abc"], "--budget takes a time such as 90s, 5m or 1h, not 'abc'"),
      (["--budget", "0s"], "--budget must be above 0s and at most 24h, not 0s"),
      (["--seeds", "0"], "--seeds must be between 1 and 100, not 0"),
      (["--seeds", "-1"], "--seeds must be between 1 and 100, not -1"),
      (["--threads", "0"], "--threads must be between 1 and 1024, not 0"),
      (["--resize", "big"], "--resize takes a size such as 28x28, not 'big'"),
      (
        ["--translator", "quemu"],
        "there is no translator 'quemu'; there are qemu, valgrind, box64, fex, rosetta, or a path with arguments"
      ),
      (["--translator", "none"], "without a translator nothing is emulated: --backend control-x86 is that"),
      (
        ["--cpu-profile", "386"],
        "there is no CPU profile '386'; there are rosetta2-launch, core2, avx2, neoverse-n1"
      ),
      (["--output", "data"], "data is there already and not empty; choose another --output"),
      (["--output", "model.yaml"], "model.yaml is there already and not empty; choose another --output"),
    ])
  func usage(arguments: [String], message: String) throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    let outcome = try explain(sandbox, arguments)
    #expect(outcome.code == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").first == "error: \(message)")
    #expect(sandbox.everything == before)
  }

  @Test("missing data, a missing model and a folder that can't be made are failures, and leave nothing")
  func failures() throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    for (arguments, message) in [
      (["--data", "nowhere", "--model", "model.yaml"], "error: no such folder: nowhere\n"),
      (["--data", "data", "--model", "none.yaml"], "error: none.yaml"),
      (
        ["--data", "data", "--model", "model.yaml", "--output", "model.yaml/x"],
        "error: the output folder model.yaml/x"
      ),
    ] {
      let outcome = try sandbox.run("lockstep", ["explain"] + arguments)
      #expect(outcome.code == 1 && outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix(message), "\(outcome.errors)")
      #expect(sandbox.everything == before)
    }
  }
}
