import Foundation
import Lockstep
import LockstepData
import LockstepSpecification
import Testing

/// A net that `scripts/goldens/make_pytorch_nets.py` made: its state dict, and what PyTorch says of images.
struct PyTorchGolden {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Goldens/pytorch").standardized.path

  let stateDict: [Safetensors.Entry]
  /// `[batch, height, width, channels]`.
  let images: NumPyArray
  let logits: [Float]
  let model: Sequential
  let input: Shape

  init(_ name: String) throws {
    stateDict = try Safetensors.decode(contents(of: "\(Self.folder)/\(name).safetensors"))
    let arrays = try NumPyArchive(file: "\(Self.folder)/\(name).npz")
    let planes = try arrays.array(named: "images")
    images = try NumPyArray(planes.tensor(on: Device(ReferenceBackend())).transposed([0, 2, 3, 1]))
    logits = try arrays.array(named: "logits").tensor(on: Device(ReferenceBackend())).scalars(as: Float.self)
    input = Shape(Array(images.spec.shape.dimensions.dropFirst()))
    model = try ModelSpecification(contentsOf: "\(Self.folder)/\(name).yaml").makeModel(
      classes: 3, input: input)
    model.initialize(seed: 1, on: Device(ReferenceBackend()))
  }
}

@Suite("State dicts of PyTorch")
struct PyTorchLayoutTests {
  @Test(
    "a net with PyTorch's weights gives PyTorch's logits", arguments: ["plain", "mixed"], TestBackend.allCases
  )
  func logits(name: String, backend: TestBackend) throws {
    let golden = try PyTorchGolden(name)
    let device = try backend.makeDevice()
    let layout = try PyTorchLayout(of: golden.model, input: golden.input)
    try layout.weights(fromStateDict: golden.stateDict, for: golden.model.state)
      .load(into: golden.model.state, on: device)
    let logits = try golden.model(golden.images.tensor(on: device)).scalars(as: Float.self)
    #expect(logits.count == golden.logits.count)
    for (ours, theirs) in zip(logits, golden.logits) {
      #expect(abs(ours - theirs) <= 1e-5 * max(1, abs(theirs)))
    }
  }

  @Test("a state dict comes back as it was, every element in its place", arguments: ["plain", "mixed"])
  func roundTrip(name: String) throws {
    let golden = try PyTorchGolden(name)
    let layout = try PyTorchLayout(of: golden.model, input: golden.input)
    let weights = try layout.weights(fromStateDict: golden.stateDict, for: golden.model.state)
    #expect(Set(try layout.stateDict(of: weights)) == Set(golden.stateDict))
  }

  @Test("modules that have names are found by them, what is in them by its number there")
  func names() throws {
    let golden = try PyTorchGolden("mixed")
    let names = PyTorchNames(["layers.0": "stem", "layers.7": "body.block"])
    let layout = try PyTorchLayout(of: golden.model, input: golden.input, names: names)
    let theirs = Dictionary(
      uniqueKeysWithValues: layout.entries.compactMap { entry in entry.name.map { ($0, entry.pyTorchName) } })
    #expect(theirs["layers.0.weight"] == "stem.weight")
    #expect(theirs["layers.7.layers.1.bias"] == "body.block.layers.2.bias")
    #expect(theirs["layers.1.runningVariance"] == "1.running_var")
  }

  @Test("a name for a layer that is not there is an error")
  func unknownName() throws {
    let golden = try PyTorchGolden("plain")
    let error = #expect(throws: ModelError.self) {
      _ = try PyTorchLayout(of: golden.model, input: golden.input, names: PyTorchNames(["layers.9": "fc"]))
    }
    #expect(error?.description.contains("layers.9") == true)
  }

  @Test("a tensor that is missing, of another shape or too many is named, with both shapes")
  func otherModel() throws {
    let golden = try PyTorchGolden("plain")
    let layout = try PyTorchLayout(of: golden.model, input: golden.input)
    func problem(_ change: (inout [Safetensors.Entry]) -> Void) -> String? {
      var entries = golden.stateDict
      change(&entries)
      do throws(CheckpointError) {
        _ = try layout.weights(fromStateDict: entries, for: golden.model.state)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(problem { _ in } == nil)
    #expect(
      problem { $0.removeAll { $0.name == "0.bias" } }?
        .hasPrefix("the state dict has no 0.bias, the model's layers.0.bias; ") == true)
    let extra = Safetensors.Entry(name: "fc.weight", spec: TensorSpec([1], .float32), bytes: [0, 0, 0, 0])
    #expect(
      problem { $0.append(extra) }?.hasPrefix("the model has no place for fc.weight of the state dict; ")
        == true)
    #expect(
      problem { entries in
        entries.removeAll { $0.name == "0.bias" }
        entries.append(.init(name: "0.bias", spec: TensorSpec([1], .float32), bytes: [0, 0, 0, 0]))
      } == "0.bias is float32 [1] in the state dict; the model's layers.0.bias is [4] there")
  }

  @Test(
    "a damaged file of names says the line",
    arguments: [
      ("layers.0 conv1 more", ":1: expected a layer and a module, such as 'layers.0 conv1'"),
      ("# names\nlayers.0 a\nlayers.0 b", ":3: layers.0 is named twice"),
    ])
  func damagedNames(text: String, problem: String) throws {
    let folder = TemporaryFolder()
    let file = "\(folder.path)/names.txt"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let error = #expect(throws: CheckpointError.self) { _ = try PyTorchNames(file: file) }
    #expect(error?.description == file + problem)
  }
}
