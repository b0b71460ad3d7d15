import Foundation
import Testing

@Suite("train --inject-fault")
struct FaultInjectionTests {
  private static let names =
    "zero-tile, shuffled-weight-gradient, channel-wrap, nan-leak, dropped-last-term, missing-term, "
    + "float32-norm, x87-double, bf16-products, tf32-products, scaled-gradient, ulp-noise, "
    + "truncating-conversion"

  private func fault(of run: String, in sandbox: Sandbox) throws -> [String: Any]? {
    (try sandbox.record(run)["backend"] as? [String: Any])?["fault"] as? [String: Any]
  }

  @Test(
    "what makes no sense gets a line and exit code 2, and nothing is written",
    arguments: [
      (["--inject-fault", "zero"], "there is no fault 'zero'; the faults are \(names)"),
      (["--inject-fault", "list"], "the faults are \(names)"),
      (["--fault-seed", "1"], "--fault-seed goes with --inject-fault"),
      (["--fault-probability", "0.5"], "--fault-probability goes with --inject-fault"),
      (
        ["--inject-fault", "zero-tile", "--fault-probability", "1.5"],
        "--fault-probability must be from 0 to 1, not 1.5"
      ),
      (
        ["--inject-fault", "zero-tile", "--fault-probability", "nan"],
        "--fault-probability must be from 0 to 1, not nan"
      ),
      (
        ["--inject-fault", "float32-norm", "--fault-probability", "0.5"],
        "float32-norm is always made: it has no --fault-probability"
      ),
    ])
  func badInput(arguments: [String], message: String) throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    let outcome = try sandbox.run("train", ["--data", "data", "--model", "model.yaml"] + arguments)
    #expect(outcome.code == 2)
    #expect(outcome.errors.hasPrefix("error: \(message)\n"))
    #expect(sandbox.everything == before)
  }

  @Test("a faulty run says so even if it is to be quiet, and its record does")
  func stamp() throws {
    let sandbox = Sandbox()
    let outcome = try sandbox.train(
      "--output", "run", "--quiet", "--inject-fault", "scaled-gradient", "--fault-seed", "7")
    #expect(outcome.code == 0)
    #expect(
      outcome.errors
        == "warning: this run is faulty on purpose (scaled-gradient): gradients at weights are multiplied by 0.99\n"
    )
    let fault = try #require(try fault(of: "run", in: sandbox))
    #expect(fault["name"] as? String == "scaled-gradient" && fault["seed"] as? Int == 7)
    try sandbox.train("--output", "sound", "--quiet")
    #expect(try self.fault(of: "sound", in: sandbox) == nil)
    #expect(try sandbox.digest("sound") != sandbox.digest("run"))
  }

  @Test("a faulty run that goes on stays faulty")
  func resume() throws {
    let sandbox = Sandbox()
    try sandbox.train(
      "--output", "run", "--epochs", "1", "--inject-fault", "nan-leak", "--fault-probability", "0.0")
    let outcome = try sandbox.run("train", ["--resume", "run", "--epochs", "2", "--quiet"])
    #expect(
      outcome.code == 0 && outcome.errors.hasPrefix("warning: this run is faulty on purpose (nan-leak)"))
    #expect(try fault(of: "run", in: sandbox)?["probability"] as? Double == 0)
  }
}
