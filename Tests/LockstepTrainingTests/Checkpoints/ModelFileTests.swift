import Lockstep
import Testing

@Suite("model files")
struct ModelFileTests {
  private let folder = TemporaryFolder()
  private let device = referenceDevice()

  private func saved() throws -> (model: Sequential, file: String) {
    let model = TinyTraining.model()
    try model.build(input: [2, 2, 1])
    model.initialize(seed: 7, on: device)
    try model.save(to: "\(folder.path)/model.safetensors")
    return (model, "\(folder.path)/model.safetensors")
  }

  @Test("what is saved of one model is loaded into another that has never been built")
  func roundTrip() throws {
    let (model, file) = try saved()
    let other = TinyTraining.model()
    try other.load(from: file, input: [2, 2, 1], on: device)
    #expect(try ModelWeights(of: other.state).fileContents == ModelWeights(of: model.state).fileContents)
    #expect(contents(of: file) == (try ModelWeights(of: model.state).fileContents))
  }

  @Test("another model's file is refused with its name, and changes nothing")
  func otherModel() throws {
    let (_, file) = try saved()
    let other = TinyTraining.model(hidden: 6)
    try other.build(input: [2, 2, 1])
    other.initialize(seed: 1, on: device)
    let before = try ModelWeights(of: other.state).digest
    let error = try #require(throws: CheckpointError.self) {
      try other.load(from: file, input: [2, 2, 1], on: device)
    }
    #expect("\(error)".hasPrefix("\(file): parameter layers.1.weight is float32 [4, 5] in the weights"))
    #expect(try ModelWeights(of: other.state).digest == before)
  }

  @Test("images that don't fit the model are refused before the file is read")
  func misfit() throws {
    #expect(throws: ModelError.self) {
      try Sequential { Dense(2) }.load(from: "/none/such", input: [2, 2, 1], on: device)
    }
  }

  @Test("a file that can't be written is named, and none is left")
  func unwritable() throws {
    let (model, _) = try saved()
    let error = try #require(throws: CheckpointError.self) {
      try model.save(to: "\(folder.path)/no/such/file")
    }
    #expect("\(error)" == "\(folder.path)/no/such/file can't be written: No such file or directory")
    #expect(folder.names == ["model.safetensors"])
  }
}
