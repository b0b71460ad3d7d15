import Foundation

/// Files that `scripts/goldens/make_pytorch_nets.py` made of nets in PyTorch.
enum PyTorchGoldenFiles {
  private static let root: URL = {
    var root = URL(filePath: #filePath)
    // This file, Interchange, LockstepCommandsTests, Tests.
    for _ in 0..<4 { root.deleteLastPathComponent() }
    return root
  }()
  static let folder = root.appending(path: "Tests/Goldens/pytorch").path
  static let models = root.appending(path: "models").path
  /// Where `nets.py` is.
  static let nets = root.appending(path: "scripts/interchange").path

  /// The options that say whose state dict a golden is.
  static func subject(_ name: String) -> [String] {
    ["--model", "\(folder)/\(name).yaml", "--classes", "3", "--input", name == "plain" ? "6x6x1" : "8x8x2"]
  }
}

extension Sandbox {
  /// Turns a golden's state dict into `weights.safetensors`.
  func convertGolden(_ name: String) throws -> Outcome {
    try run(
      "lockstep",
      [
        "convert", "\(PyTorchGoldenFiles.folder)/\(name).safetensors", "--from", "pytorch",
        "weights.safetensors",
      ]
        + PyTorchGoldenFiles.subject(name))
  }
}
