import Foundation
import Testing

@Suite("train --profile")
struct ProfileTests {
  @Test("a table of operations and parts is printed, and a trace is in the run's folder")
  func profile() throws {
    let sandbox = Sandbox()
    let outcome = try sandbox.train("--profile", "--output", "run", "--trace-steps", "2")
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    // Three epochs of 18 images in batches of 4: 15 steps.
    #expect(lines.contains("Operations of 14 steps, the first one of all not counted"))
    let product = try #require(lines.first { $0.hasPrefix("layers.1  matmul") && $0.contains("fwd") })
    #expect(product.split(separator: " ").dropFirst(3).first == "14")
    #expect(lines.contains { $0.hasPrefix("all ") && $0.hasSuffix("100.0%") })
    #expect(
      outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        .contains("upper bounds: a step took "))
    #expect(outcome.output.contains("trace     run/trace.json; "))
    #expect(lines.allSatisfy { $0.count <= 100 })
    let trace = try #require(
      try JSONSerialization.jsonObject(with: Data(try sandbox.bytes("run/trace.json"))) as? [String: Any])
    let names = (trace["traceEvents"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
    #expect(names?.filter { $0.hasPrefix("step ") } == ["step 1", "step 2"])
    #expect(try sandbox.record("run")["isProfiled"] as? Bool == true)
  }

  @Test("a profiled training has the weights of any other, also where it goes on")
  func weights() throws {
    let sandbox = Sandbox()
    try sandbox.train("--output", "plain")
    try sandbox.train("--output", "profiled", "--epochs", "1", "--profile", "trace.json")
    #expect(sandbox.exists("trace.json") && !sandbox.exists("profiled/trace.json"))
    let outcome = try sandbox.run(
      "train", ["--data", "data", "--resume", "profiled", "--epochs", "3", "--profile"])
    #expect(outcome.code == 0 && sandbox.exists("profiled/trace.json"))
    #expect(try sandbox.digest("profiled") == sandbox.digest("plain"))
    #expect(try sandbox.record("plain")["isProfiled"] == nil)
  }

  @Test("operations of a worker are profiled, and checked ones as well")
  func worker() throws {
    let outcome = try Sandbox().train("--backend", "control-x86", "--profile", "--check")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("Operations of 14 steps") && outcome.output.contains("checked   "))
  }

  @Test(
    "what makes no sense is refused before anything is written",
    arguments: [
      (["--trace-steps", "3"], 2, "--trace-steps goes with --profile"),
      (["--profile", "--trace-steps", "0"], 2, "--trace-steps must be between 1 and 10000, not 0"),
      (["--profile", "no/trace.json"], 1, "no/trace.json can't be written: there is no folder no"),
      (["--profile", "data"], 1, "data can't be written: it is a folder"),
    ])
  func badInput(arguments: [String], code: Int32, message: String) throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    let outcome = try sandbox.run(
      "train", ["--data", "data", "--model", "model.yaml", "--output", "run"] + arguments)
    #expect(outcome.code == code && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("error: \(message)\n"))
    #expect(sandbox.everything == before)
  }
}
