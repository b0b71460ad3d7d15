import Foundation
import Testing

@Suite("Commands that write files")
struct WrittenFilesTests {
  private struct Report: Decodable, Equatable {
    struct File: Decodable, Equatable {
      let path: String
      let content: String
      let counts: [String: Int]
    }

    let written: [File]
  }

  private func report(_ sandbox: Sandbox, _ arguments: String...) throws -> [Report.File] {
    let outcome = try sandbox.run("lockstep", arguments + ["--json"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8)).written
  }

  @Test("say so as JSON, if they are asked")
  func json() throws {
    let sandbox = Sandbox()
    try sandbox.train("--epochs", "1", "--output", "run", "--quiet")
    let exported = try report(sandbox, "export", "run", "--onnx", "a.onnx", "--metrics-jsonl", "a.jsonl")
    #expect(exported.map(\.path) == ["a.jsonl", "a.onnx"])
    let size = try sandbox.bytes("a.onnx").count
    #expect(
      exported[1] == .init(path: "a.onnx", content: "an ONNX model, \(size) bytes", counts: ["bytes": size]))
    let converted = try report(sandbox, "convert", "run", "--to", "pytorch", "a.safetensors")
    #expect(converted.map(\.counts) == [["tensors": 4]])
    let counts = ["trainingImages": 18, "testImages": 9, "classes": 3]
    #expect(
      try report(sandbox, "dataset", "export-npz", "data", "--output", "a.npz").map(\.counts) == [counts])
    #expect(try report(sandbox, "dataset", "import-npz", "a.npz", "--output", "b").map(\.counts) == [counts])
    let previewed = try report(
      sandbox, "dataset", "preview", "data", "--flip", "horizontal", "--output", "a.svg")
    #expect(previewed.map(\.counts) == [["images": 3]])
  }
}
