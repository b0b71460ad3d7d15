import Foundation
import Testing

@Suite("lockstep bench")
struct BenchCommandTests {
  /// Quick, and without meaning: what is tested is that it works.
  private static let quick = ["--budget", "4s", "--rounds", "1"]

  private static func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("an operation is measured, with what the machine can do, in 80 columns")
  func operations() throws {
    let sandbox = Sandbox(hasData: false)
    let outcome = try sandbox.run("lockstep", ["bench", "ops", "--filter", "add-one-int64-10"] + Self.quick)
    #expect(outcome.code == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("machine   ") == true)
    #expect(lines.contains { $0.contains("this machine's best is sgemm ") && !$0.contains("\u{1B}") })
    #expect(lines.contains { $0.hasPrefix("add-one-int64-10  ") && $0.contains("µs") || $0.contains("us") })
    let table = lines.drop { !$0.hasPrefix("benchmark") }
    #expect(!table.isEmpty && table.allSatisfy { $0.count <= 80 })
    #expect(sandbox.everything == ["model.yaml"])
  }

  @Test(
    "a run that is kept is what a later one is compared with; the same program shows no slowness of 10 000 %")
  func comparison() throws {
    let sandbox = Sandbox(hasData: false)
    let command = ["bench", "ops", "--filter", "add-one-int64-10"] + Self.quick
    let first = try sandbox.run("lockstep", command + ["--output", "before.json"])
    #expect(first.code == 0)
    let record = try Self.json(try sandbox.text("before.json"))
    #expect(record["format"] as? String == "lockstep-bench" && record["suite"] as? String == "ops")
    let second = try sandbox.run(
      "lockstep", command + ["--compare", "before.json", "--margin", "10000", "--json"])
    #expect(second.code == 0)
    let comparison = try #require(try Self.json(second.output)["comparison"] as? [String: Any])
    let rows = try #require(comparison["rows"] as? [[String: Any]])
    #expect(rows.count == 2)
    #expect(rows.allSatisfy { $0["verdict"] as? String == "noDifferenceSeen" })
  }

  @Test("what has become slower, far beyond noise, is exit code 3; nothing in common is 4")
  func exitCodes() throws {
    let sandbox = Sandbox(hasData: false)
    let command = ["bench", "ops", "--filter", "add-one-int64-1000000"] + Self.quick
    try sandbox.run("lockstep", command + ["--output", "run.json"])
    var record = try Self.json(try sandbox.text("run.json"))
    var benchmarks = try #require(record["benchmarks"] as? [[String: Any]])
    var samples = try #require(benchmarks[0]["samples"] as? [String: Any])
    samples["seconds"] = [Double](repeating: 1e-9, count: 30)
    benchmarks[0]["samples"] = samples
    record["benchmarks"] = benchmarks
    sandbox.write(Array(try JSONSerialization.data(withJSONObject: record)), to: "fast.json")
    let slower = try sandbox.run("lockstep", command + ["--compare", "fast.json"])
    #expect(slower.code == 3 && slower.output.contains("\n1 slower, 0 faster, no difference seen in 0"))
    let other = ["bench", "ops", "--filter", "add-float32-10"] + Self.quick
    let nothing = try sandbox.run("lockstep", other + ["--compare", "fast.json"])
    #expect(nothing.code == 4 && nothing.output.contains("nothing can be compared"))
  }

  @Test("a model's training and inference are measured on images made in memory")
  func training() throws {
    let sandbox = Sandbox(hasData: false)
    let outcome = try sandbox.run(
      "lockstep",
      ["bench", "train", "--model", "model.yaml", "--image", "4x4x1", "--batch-size", "2,8", "--json"]
        + Self.quick)
    #expect(outcome.code == 0)
    let benchmarks = try #require(try Self.json(outcome.output)["benchmarks"] as? [[String: Any]])
    #expect(
      benchmarks.compactMap { $0["name"] as? String }
        == ["tiny-train-2", "tiny-infer-2", "tiny-train-8", "tiny-infer-8"])
    let figures = try #require(benchmarks[0]["figures"] as? [String: Any])
    // Per image 16·8 + 8·10 products forward, the same at the weights, and 8·10 at the second layer's input.
    let operations: Double = 2 * 2 * (2 * (128 + 80) + 80)
    #expect(figures["floatingPointOperations"] as? Double == operations)
    #expect(figures["imagesPerSecond"] as? Double ?? 0 > 0)
  }

  @Test("a first call is made in a process of its own")
  func firstCall() throws {
    let sandbox = Sandbox(hasData: false)
    let outcome = try sandbox.run(
      "lockstep", ["bench", "seeds", "--filter", "int64-10-first-call", "--json"] + Self.quick)
    #expect(outcome.code == 0)
    let benchmarks = try #require(try Self.json(outcome.output)["benchmarks"] as? [[String: Any]])
    #expect(benchmarks.first?["name"] as? String == "add-one-int64-10-first-call")
  }

  @Test(
    "a command line that makes no sense is told why, in a line",
    arguments: [
      (["foo"], "there is no suite 'foo'; the suites are ops, train, seeds"),
      (["ops", "--threads", "1,x"], "--threads takes numbers from 1 to 1024 with commas between, not '1,x'"),
      (["ops", "--threads", "0"], "--threads takes numbers from 1 to 1024 with commas between, not '0'"),
      (["ops", "--rounds", "0"], "--rounds must be between 1 and 1000, not 0"),
      (["ops", "--margin", "-1"], "--margin must be a number of percent, at least 0, not -1.0"),
      (["ops", "--budget", "soon"], "--budget takes a time such as 90s, 5m or 1h, not 'soon'"),
      (["ops", "--model", "model.yaml"], "--model goes with bench train"),
      (["seeds", "--growth"], "--growth goes with bench train"),
      (["train", "--image", "4x4x1"], "--image goes with --model"),
      (
        ["train", "--model", "model.yaml"],
        "model.yaml does not say the size of its images; --image 28x28x1 would"
      ),
      (
        ["train", "--model", "model.yaml", "--image", "4x4"],
        "--image takes height, width and channels such as 32x32x3, not '4x4'"
      ),
      (
        ["train", "--model", "model.yaml", "--image", "4x4x1", "--growth", "--batch-size", "2"],
        "--growth chooses the batch sizes itself; leave out one of --growth and --batch-size"
      ),
      (["ops", "--backend", "gpu"], "there is no backend 'gpu'; "),
      (
        ["seeds", "--filter", "xyz"],
        "no benchmark of seeds has 'xyz' in its name; there are matmul-2000-float64, "
      ),
    ])
  func usage(arguments: [String], message: String) throws {
    let outcome = try Sandbox(hasData: false).run("lockstep", ["bench"] + arguments)
    #expect(outcome.code == 2 && outcome.output.isEmpty)
    let lines = outcome.errors.split(separator: "\n")
    #expect(
      message.hasSuffix(" ") ? lines[0].hasPrefix("error: \(message)") : lines[0] == "error: \(message)")
    #expect(lines.dropFirst() == ["       see lockstep bench --help"])
  }

  @Test(
    "a file that can't be used is named, and nothing is measured",
    arguments: [
      (["--compare", "missing.json"], 1, "missing.json can't be read: "),
      (["--compare", "model.yaml"], 1, "model.yaml is not what lockstep bench --json prints"),
      (["--compare", "new.json"], 1, "new.json has format 9, this Lockstep reads format 1"),
      (["--output", "no/where.json"], 1, "no/where.json can't be written: there is no folder no"),
    ])
  func files(arguments: [String], code: Int32, message: String) throws {
    let sandbox = Sandbox(hasData: false)
    sandbox.write(Array(#"{"format": "lockstep-bench", "formatVersion": 9}"#.utf8), to: "new.json")
    let outcome = try sandbox.run("lockstep", ["bench", "ops"] + arguments)
    #expect(outcome.code == code && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("error: \(message)"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test("--list names the benchmarks and measures nothing")
  func list() throws {
    let outcome = try Sandbox(hasData: false).run("lockstep", ["bench", "ops", "--list", "--filter", "pool"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    #expect(
      outcome.output
        == "max-pool-w1\nmax-pool-gradient-w1\naverage-pool-w1\naverage-pool-gradient-w1\n")
  }
}
