import Foundation
import Testing

@Suite("train --check")
struct CheckTests {
  @Test("a sound run ends with what was checked, and its weights are those of a run without")
  func sound() throws {
    let sandbox = Sandbox()
    let outcome = try sandbox.train("--output", "checked", "--check")
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let line = try #require(outcome.output.split(separator: "\n").first { $0.hasPrefix("checked ") })
    // Two dense layers: forward, gradient at the weight, and at the input of the second; and the tests.
    #expect(
      line.wholeMatch(of: /checked   81 products of [0-9,]+ elements, none looked into; [0-9.]+ % more time/)
        != nil, "\(line)")
    try sandbox.train("--output", "plain", "--quiet")
    #expect(try sandbox.digest("checked") == sandbox.digest("plain"))
    let backend = try #require(try sandbox.record("checked")["backend"] as? [String: Any])
    #expect(backend["isChecked"] as? Bool == true)
  }

  @Test(
    "a faulty operation ends the run with a line and exit code 1; it is in the record, and the run goes on")
  func faulty() throws {
    let sandbox = Sandbox()
    let outcome = try sandbox.train(
      "--output", "run", "--check", "--quiet", "--inject-fault", "nan-leak", "--fault-probability", "0.02")
    #expect(outcome.code == 1)
    let line = try #require(outcome.errors.split(separator: "\n").last)
    #expect(
      line.wholeMatch(
        of:
          /error: FAULTY OPERATION \(step [0-9]+, layers\..*, 1 of [0-9]+ elements\): matmul gave nan instead of .*; no rounding explains it; go on with .*train --resume run/
      ) != nil, "\(line)")
    let record = try sandbox.record("run")
    #expect(record["status"] as? String == "failed")
    #expect((record["failure"] as? String)?.hasPrefix("FAULTY OPERATION (step ") == true)
    let fault = try #require(record["faultyOperation"] as? [String: Any])
    #expect(fault["operation"] as? String == "matmul" && fault["wrongCount"] as? Int == 1)
    #expect((fault["step"] as? Int ?? 0) > 0)
    // As if the machine had been repaired.
    let repaired = try sandbox.run(
      "train",
      ["--resume", "run", "--check", "--quiet", "--inject-fault", "nan-leak", "--fault-probability", "0"])
    #expect(repaired.code == 0)
    try sandbox.train("--output", "plain", "--quiet")
    #expect(try sandbox.digest("run") == sandbox.digest("plain"))
    #expect(try sandbox.record("run")["faultyOperation"] == nil)
  }
}
