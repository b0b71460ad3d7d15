import Foundation
import Testing

@Suite("lockstep export")
struct ExportCommandTests {
  @Test("a run's metrics become lines of JSON with the numbers of its tables, epochs behind their steps")
  func metrics() throws {
    let sandbox = Sandbox()
    try sandbox.train("--epochs", "2", "--output", "run", "--quiet")
    let outcome = try sandbox.run("lockstep", ["export", "run", "--metrics-jsonl", "metrics.jsonl"])
    let steps = try sandbox.text("run/metrics.csv").split(separator: "\n").map { $0.split(separator: ",") }
    let epochs = try sandbox.text("run/epochs.csv").split(separator: "\n").count - 1
    #expect(outcome.output == "metrics.jsonl: \(steps.count - 1 + epochs) lines\n")
    let lines = try sandbox.text("metrics.jsonl").split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(lines.count == steps.count - 1 + epochs && epochs == 2)
    let rows = lines.filter { $0["kind"] as? String == "step" }
    let column = try #require(steps[0].firstIndex(of: "loss"))
    for (row, fields) in zip(rows, steps.dropFirst()) {
      #expect(row["loss"] as? Double == Double(fields[column]))
      #expect(row.count == fields.count + 1)
    }
    let order = lines.map { ($0["step"] as? Int ?? -1, $0["kind"] as? String == "epoch" ? 1 : 0) }
    #expect(zip(order, order.dropFirst()).allSatisfy { $0 < $1 })
    #expect(lines.last?["kind"] as? String == "epoch")
  }

  @Test(
    "what can't be is said in a line, and nothing is written",
    arguments: [
      (["run"], 2, "say what to write: --onnx, --metrics-jsonl"),
      (["run", "--layout", "nhwc", "--metrics-jsonl", "m"], 2, "--layout goes with --onnx"),
      (["nowhere", "--metrics-jsonl", "m"], 1, "there is no run in nowhere"),
      (
        ["nowhere", "--onnx", "m"], 2, "nowhere is no run: name the model with --model, a run or a YAML file"
      ),
      (["run", "--onnx", "none/m.onnx"], 1, "none/m.onnx"),
      (
        ["other.safetensors", "--onnx", "m", "--model", "run"], 1,
        "other.safetensors is not a sound safetensors file: it has 5 bytes, fewer than a header"
      ),
    ] as [([String], Int32, String)])
  func badInput(arguments: [String], code: Int32, problem: String) throws {
    let sandbox = Sandbox()
    try sandbox.train("--epochs", "1", "--output", "run", "--quiet")
    sandbox.write(Array("other".utf8), to: "other.safetensors")
    let before = sandbox.everything
    let outcome = try sandbox.run("lockstep", ["export"] + arguments)
    #expect(outcome.code == code)
    #expect(outcome.errors.contains("error: \(problem)"), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(sandbox.everything == before)
  }
}
