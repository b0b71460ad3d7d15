import Foundation
import Testing

@Suite("lockstep compare")
struct CompareCommandTests {
  private let sandbox = Sandbox()

  private func train(_ name: String, seed: Int = 0, _ arguments: String...) throws {
    let outcome = try sandbox.run(
      "train",
      ["--data", "data", "--model", "model.yaml", "--quiet", "--seed", "\(seed)", "--output", name]
        + arguments)
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  private func compare(_ arguments: String...) throws -> Outcome {
    try sandbox.run("lockstep", ["compare"] + arguments)
  }

  /// Curves of three seeds, a wave each, each differing from the last call's by a share of its own.
  private func writeCurves(_ folder: String, by size: Double, salt: Int = 0) {
    for seed in 0..<3 {
      let rows = (1...30).map { step in
        let base = 2 * exp(-0.02 * Double(step)) * (1 + 0.1 * sin(Double(step * (seed + 2))))
        let wave = cos(Double(step * step + 7 * seed + 13 * salt)) + 1.5
        return "\(step),\(base * (1 + size * wave))"
      }
      sandbox.write(
        Array((["step,loss"] + rows).joined(separator: "\n").utf8), to: "\(folder)/seed\(seed).csv")
    }
  }

  @Test("a run against itself again is IDENTICAL, with exit code 0")
  func identical() throws {
    try train("a")
    try train("b")
    let outcome = try compare("a", "b")
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines[0] == "IDENTICAL: every loss and the final weights")
    #expect(lines[1] == "A        a: 1 curve, seed 0, 15 steps")
    #expect(lines[3] == "S0       the same data, settings, order of images, initial weights")
    #expect(lines.contains("parting  seed 0: the same bits in every step"))
    #expect(lines.contains { $0.hasPrefix("time     ") && $0.contains(" an epoch: B takes ") })
  }

  @Test("runs of different seeds are NOT COMPARABLE, other settings too; exit code 4 says so to a script")
  func notComparable() throws {
    try train("a", seed: 1)
    try train("b", seed: 2)
    try train("c", seed: 1, "--learning-rate", "0.01")
    let seeds = try compare("a", "b")
    #expect(seeds.code == 4)
    #expect(
      seeds.output.hasPrefix(
        "NOT COMPARABLE: different configuration.seed, initialWeightsDigest, batchOrderDigest: configuration.seed is 1 and 2; if these are seeds of two sets, put `vs` between the sets\n"
      ))
    let settings = try compare("a", "c")
    #expect(settings.code == 4)
    #expect(
      settings.output.hasPrefix(
        "NOT COMPARABLE: different configuration.learningRate: configuration.learningRate is 0.1 and 0.01\n"))
  }

  @Test("sets are named by pattern, list, folder, or by the shell with vs between; all come to the same")
  func sets() throws {
    for seed in 0..<2 {
      try train("runs/a-seed\(seed)", seed: seed)
      try train("others/b-seed\(seed)", seed: seed)
    }
    let ways: [[String]] = [
      ["runs/a-seed*", "others"], ["runs/a-seed0,runs/a-seed1", "others/b-seed[01]"],
      ["runs/a-seed0", "runs/a-seed1", "vs", "others/b-seed0", "others/b-seed1"],
    ]
    for way in ways {
      let outcome = try sandbox.run("lockstep", ["compare"] + way)
      #expect(outcome.code == 0, "\(way): \(outcome.output)\(outcome.errors)")
      #expect(outcome.output.hasPrefix("IDENTICAL: "), "\(way)")
      #expect(outcome.output.contains(": 2 curves, seeds 0, 1, 15 steps\n"), "\(way)")
    }
    let vs = try sandbox.run("lockstep", ["compare"] + ways[2])
    #expect(vs.output.contains("\nA        runs/a-seed*: 2 curves"))
  }

  @Test("curves from elsewhere that outgrow their twins are DIVERGED, with exit code 3")
  func diverged() throws {
    writeCurves("a", by: 0)
    writeCurves("b", by: 3e-5)
    writeCurves("near", by: 1e-7, salt: 9)
    for twin in 0..<5 { writeCurves("twin\(twin)", by: 1e-7, salt: twin) }
    let twins = ["--twins"] + (0..<5).map { "twin\($0)" }
    let far = try sandbox.run("lockstep", ["compare", "a", "b"] + twins)
    #expect(far.code == 3)
    #expect(far.output.hasPrefix("DIVERGED: B departs 10^"), "\(far.output)")
    let near = try sandbox.run("lockstep", ["compare", "a", "near"] + twins)
    #expect(near.code == 0 && near.output.hasPrefix("EQUIVALENT (rounding): "), "\(near.output)")
    // The gravest verdict of several decides.
    let both = try sandbox.run("lockstep", ["compare", "a", "near", "b"] + twins)
    #expect(both.code == 3)
    #expect(both.output.hasPrefix("against a:\n  near  EQUIVALENT (rounding)\n  b     DIVERGED\n"))
    let without = try compare("a", "b")
    #expect(without.code == 4 && without.output.contains("--twins"))
  }

  @Test("a run that a faulty operation stopped is FAULTY OPERATION, with exit code 3")
  func faulty() throws {
    try train("a")
    try train("b")
    var record = try sandbox.record("b")
    record["status"] = "failed"
    record["failure"] = "FAULTY OPERATION: matmul in step 12"
    sandbox.write([UInt8](try JSONSerialization.data(withJSONObject: record)), to: "b/run.json")
    let rows = try sandbox.text("b/metrics.csv").split(separator: "\n").prefix(12).joined(separator: "\n")
    sandbox.write(Array(rows.utf8), to: "b/metrics.csv")
    let outcome = try compare("a", "b")
    #expect(outcome.code == 3)
    #expect(
      outcome.output.hasPrefix("FAULTY OPERATION: b: matmul in step 12\n"),
      "\(outcome.output)")
  }

  @Test("a run that was stopped in its first step has no losses, and a verdict all the same")
  func faultyFirstStep() throws {
    try train("sound")
    let faulty = try sandbox.train(
      "--quiet", "--check", "--inject-fault", "bf16-products", "--output", "faulty")
    #expect(faulty.code == 1 && faulty.errors.contains("FAULTY OPERATION (step 1, layers."))
    let outcome = try compare("sound", "faulty", "--report", "report.html")
    #expect(outcome.code == 3, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("FAULTY OPERATION: faulty: (step 1, layers."), "\(outcome.output)")
    #expect(try sandbox.text("report.html").contains("FAULTY OPERATION"))
  }

  @Test("--json is the whole comparison")
  func json() throws {
    try train("a")
    try train("b", seed: 1)
    let outcome = try compare("a", "b", "--json")
    #expect(outcome.code == 4)
    let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect(value?["verdict"] as? String == "notComparable")
    let first = (value?["comparisons"] as? [[String: Any]])?.first
    #expect(first?["nameB"] as? String == "b")
    #expect(
      (first?["evidence"] as? [[String: Any]])?.compactMap { $0["stage"] as? String }
        == ["S0", "S1", "S2", "S3", "S4", "S5"])
    let keys = (first?["configuration"] as? [[String: Any]])?.compactMap { $0["key"] as? String }
    #expect(keys == ["configuration.seed", "initialWeightsDigest", "batchOrderDigest"])
  }

  @Test("--report and --plot write whole files, which say what the terminal says")
  func files() throws {
    writeCurves("a", by: 0)
    writeCurves("b", by: 1e-7)
    sandbox.makeFolder("out")
    let outcome = try compare("a", "b", "--report", "out/r.html", "--plot", "out/p.svg")
    #expect(outcome.code == 0)
    #expect(outcome.errors == "written: out/r.html\nwritten: out/p.svg\n")
    let html = try sandbox.text("out/r.html")
    let headline = try #require(outcome.output.split(separator: "\n").first)
    #expect(html.contains(headline.replacing("'", with: "&#39;")), "\(headline)")
    #expect(html.contains("lockstep compare a b --report out/r.html --plot out/p.svg"))
    #expect(try sandbox.text("out/p.svg").contains("How the difference grows"))
    #expect(sandbox.everything.allSatisfy { !$0.hasSuffix(".partial") })
  }

  @Test("what can't be read or written is one line, and nothing is written")
  func badInput() throws {
    try train("run")
    sandbox.makeFolder("empty")
    sandbox.write(Array("step,loss\n1,x\n".utf8), to: "bad.csv")
    sandbox.write(Array("step,loss\n1,2\n".utf8), to: "good.csv")
    let before = sandbox.everything
    let cases: [(arguments: [String], code: Int32, message: String)] = [
      (
        ["run"], 2,
        "two sets of runs or more are compared: name each by one argument, or put vs between the sets"
      ),
      (
        ["run", "vs"], 2,
        "two sets of runs or more are compared: name each by one argument, or put vs between the sets"
      ),
      (["run", "nowhere"], 1, "nowhere: no such file or folder"),
      (["run", "no*"], 1, "nothing matches no*"),
      (
        ["run", "empty"], 1,
        "empty holds no run: neither run.json, nor folders with one, nor CSV or JSONL files"
      ),
      (["run", "bad.csv"], 1, "bad.csv:2: the loss 'x' is not a number"),
      (["run,run", "run"], 1, "run and run both have seed 0: name them apart to compare them"),
      (["run", "run", "--twins", "gone"], 1, "gone: no such file or folder"),
      (
        ["run", "good.csv", "--loss-column", "lost"], 1,
        "good.csv:1: there is no column 'lost'; the columns are 'step', 'loss'"
      ),
      (
        ["run", "run", "--report", "r.pdf"], 2,
        "r.pdf: a report is written as .html; please give a name that ends so"
      ),
      (
        ["run", "run", "--plot", "r.gif"], 2,
        "r.gif: a plot is written as .svg or .png; please give a name that ends so"
      ),
      (
        ["run", "run", "--report", "gone/r.html"], 1, "gone/r.html can't be written: there is no folder gone"
      ),
    ]
    for (arguments, code, message) in cases {
      let outcome = try sandbox.run("lockstep", ["compare"] + arguments)
      #expect(outcome.code == code && outcome.output.isEmpty, "\(arguments): \(outcome.output)")
      let line = "error: \(message)\n" + (code == 2 ? "       see lockstep compare --help\n" : "")
      #expect(outcome.errors == line, "\(arguments)")
    }
    #expect(sandbox.everything == before)
  }

  @Test(
    "on a terminal the curves are drawn",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func terminal() throws {
    writeCurves("a", by: 0)
    writeCurves("b", by: 1e-7)
    let line = "stty cols 80; \(RunningProgram.folder)/lockstep compare a b"
    let outcome = try sandbox.run(
      "/usr/bin/script", ["-qec", line, "/dev/null"],
      environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"])
    #expect(outcome.output.contains("\u{1B}[32mEQUIVALENT (rounding)\u{1B}[0m: "))
    #expect(outcome.output.contains("How the difference grows"))
    #expect(outcome.output.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) }, "Braille dots")
  }
}
