import Foundation
import LockstepData
import Testing

@Suite("ResNet-8 from the command line")
struct ResNet8Tests {
  private static let model: String = {
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }  // This file, LockstepCommandsTests, Tests.
    return root.appending(path: "models/resnet8.yaml").path
  }()

  /// Colour images of 32×32 pixels in ten classes.
  private static func sandbox() -> Sandbox {
    let sandbox = Sandbox(hasData: false)
    for (split, count) in [("train", 3), ("test", 1)] {
      for label in 0..<10 {
        for index in 0..<count {
          sandbox.writeImage(
            "data/\(split)/\(label)/\(index).png", label: label, index: index, width: 32, height: 32,
            channels: .rgb)
        }
      }
    }
    return sandbox
  }

  private static func train(_ sandbox: Sandbox, _ output: String, _ arguments: String...) throws -> String {
    let outcome = try sandbox.run(
      "train",
      ["--data", "data", "--model", model, "--batch-size", "8", "--quiet", "--output", output] + arguments)
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try sandbox.digest(output)
  }

  @Test("it trains, stops and goes on, on one thread and on two, to the same bits, and predicts")
  func everything() throws {
    let sandbox = Self.sandbox()
    let whole = try Self.train(sandbox, "whole", "--epochs", "2", "--threads", "2")
    #expect(try Self.train(sandbox, "alone", "--epochs", "2", "--threads", "1") == whole)
    _ = try Self.train(sandbox, "parts", "--epochs", "1")
    let resumed = try sandbox.run("train", ["--resume", "parts", "--epochs", "2", "--quiet"])
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try sandbox.digest("parts") == whole)
    #expect(
      try sandbox.bytes("parts/checkpoint.safetensors") == sandbox.bytes("whole/checkpoint.safetensors"))
    let model = try #require(try sandbox.record("whole")["model"] as? [String: Any])
    #expect(model["parameterCount"] as? Int == 78_042)
    let prediction = try sandbox.run("lockstep", ["predict", "whole", "data/test/3/0.png"])
    #expect(prediction.code == 0, "\(prediction.errors)")
  }
}
