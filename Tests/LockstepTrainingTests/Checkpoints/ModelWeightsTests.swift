import Foundation
import Lockstep
import LockstepData
import Testing

@Suite("Model weights")
struct ModelWeightsTests {
  /// Entries of a dense layer, of four inputs and three units unless changed.
  private static func entries(
    weight: Shape = [4, 3], bias: Shape = [3], dtype: DType = .float32
  ) -> [Safetensors.Entry] {
    [("layers.0.weight", weight), ("layers.0.bias", bias)].map { name, shape in
      let spec = TensorSpec(shape, dtype)
      return .init(name: name, spec: spec, bytes: (0..<spec.byteCount).map { UInt8($0) })
    }
  }

  private let device = referenceDevice()
  private let model = Sequential { Dense(3) }

  init() throws {
    _ = try model.build(input: [4])
    model.initialize(seed: 1, on: device)
  }

  private func loadFailure(_ entries: [Safetensors.Entry]) throws -> String? {
    let folder = TemporaryFolder()
    let file = folder.path + "/weights.safetensors"
    try Data(Safetensors.encode(entries)).write(to: URL(filePath: file))
    let before = try ModelWeights(of: model.parameters).fileContents
    do {
      try ModelWeights(file: file).load(into: model.parameters, on: device)
      return nil
    } catch {
      #expect(try ModelWeights(of: model.parameters).fileContents == before, "the model has changed")
      return "\(error)"
    }
  }

  @Test("weights that fit are the model's afterwards")
  func load() throws {
    #expect(try loadFailure(Self.entries()) == nil)
    #expect(try ModelWeights(of: model.parameters).entries == Self.entries())
  }

  @Test("the order in the file does not matter")
  func order() throws {
    #expect(try loadFailure(Self.entries().reversed()) == nil)
    #expect(try ModelWeights(of: model.parameters).entries == Self.entries())
  }

  @Test("a missing parameter is named, and the model stays as it was")
  func missing() throws {
    #expect(
      try loadFailure([Self.entries()[0]])
        == "the weights have no parameter layers.0.bias; they are of another model")
  }

  @Test("a parameter the model has not is named, and the model stays as it was")
  func extra() throws {
    let other = Safetensors.Entry(
      name: "layers.7.bias", spec: TensorSpec([1], .float32), bytes: [0, 0, 0, 0])
    #expect(
      try loadFailure(Self.entries() + [other])
        == "the model has no parameter layers.7.bias; the weights are of another model")
  }

  @Test("another shape is named with the model's, and the model stays as it was")
  func shape() throws {
    #expect(
      try loadFailure(Self.entries(bias: [2]))
        == "parameter layers.0.bias is float32 [2] in the weights and float32 [3] in the model")
  }

  @Test("another dtype is named with the model's, and the model stays as it was")
  func dtype() throws {
    #expect(
      try loadFailure(Self.entries(dtype: .float64))
        == "parameter layers.0.weight is float64 [4, 3] in the weights and float32 [4, 3] in the model")
  }

  @Test("a model that is built but not initialised takes float32")
  func uninitialized() throws {
    let fresh = Sequential { Dense(3) }
    _ = try fresh.build(input: [4])
    try ModelWeights(of: model.parameters).load(into: fresh.parameters, on: device)
    #expect(try ModelWeights(of: fresh.parameters).digest == ModelWeights(of: model.parameters).digest)
  }

  @Test("the digest is what sha256sum says of the file")
  func digest() throws {
    let folder = TemporaryFolder()
    let file = folder.path + "/w"
    let weights = try ModelWeights(of: model.parameters)
    try Data(weights.fileContents).write(to: URL(filePath: file))
    let sum = Process()
    let output = Pipe()
    sum.executableURL = URL(filePath: "/usr/bin/sha256sum")
    sum.arguments = [file]
    sum.standardOutput = output
    try sum.run()
    let line = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    sum.waitUntilExit()
    #expect(line.prefix(64) == "\(weights.digest)")
  }

  @Test("a file that can't be read or is no safetensors file is named with the reason")
  func files() throws {
    let folder = TemporaryFolder()
    #expect(throws: CheckpointError.self) { try ModelWeights(file: folder.path + "/none") }
    let file = folder.path + "/text"
    try Data("hello, world".utf8).write(to: URL(filePath: file))
    for (path, reason) in [
      (folder.path + "/none", "can't be read: No such file or directory"),
      (folder.path, "can't be read: it is a folder"),
      (file, "is not a sound safetensors file: the header is said to have"),
    ] {
      let error = #expect(throws: CheckpointError.self) { try ModelWeights(file: path) }
      #expect(error?.description.hasPrefix("\(path) \(reason)") == true, "\(error?.description ?? "")")
    }
  }
}
