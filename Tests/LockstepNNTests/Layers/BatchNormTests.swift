import LockstepCore
import LockstepNN
import Testing

/// batch-norm.json.
private struct BatchNormGolden: Decodable, Sendable {
  struct Step: Decodable, Sendable {
    let input, output, upstream, inputGradient, scaleGradient, offsetGradient: GoldenTensor
    let runningMean, runningVariance: GoldenTensor
  }
  struct Evaluation: Decodable, Sendable {
    let input, output: GoldenTensor
  }
  struct Variant: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let relu: Bool
    let scale, offset: GoldenTensor
    let steps: [Step]
    let evaluation: Evaluation

    var testDescription: String { name }

    /// The layer, with PyTorch's initial scale and offset.
    func layer(_ dtype: DType, on device: Device) throws -> BatchNorm {
      let layer = BatchNorm(activation: relu ? .relu : .identity)
      try layer.build(input: [2, 2, 3])
      layer.initialize(seed: 0, dtype: dtype, on: device)
      layer.scale?.value = scale.tensor(dtype, on: device)
      layer.offset?.value = offset.tensor(dtype, on: device)
      return layer
    }
  }

  let variants: [Variant]

  static let file = golden("batch-norm.json", as: BatchNormGolden.self)
}

@Suite("BatchNorm")
struct BatchNormTests {
  @Test(
    "Four steps are PyTorch's: results, gradients, running statistics; and so is prediction after them",
    arguments: TestBackend.all, BatchNormGolden.file.variants)
  fileprivate func golden(_ backend: TestBackend, _ variant: BatchNormGolden.Variant) throws {
    let device = try backend.device()
    #expect(variant.steps.count == 4)
    for (dtype, tolerance) in [(DType.float64, 1e-12), (.float32, 3e-5)] {
      let layer = try variant.layer(dtype, on: device)
      for (index, step) in variant.steps.enumerated() {
        let input = step.input.tensor(dtype, on: device)
        let upstream = step.upstream.tensor(dtype, on: device)
        var result: Tensor?
        let inputs = [input, layer.scale!.value, layer.offset!.value]
        let (_, gradients) = valueAndGradient(at: inputs) { tracked in
          layer.scale?.value = tracked[1]
          layer.offset?.value = tracked[2]
          result = layer(tracked[0], .training(step: index, seed: 0))
          return (result! * upstream).sum()
        }
        layer.scale?.value = inputs[1]
        layer.offset?.value = inputs[2]
        let found =
          [result!.detached()] + gradients + [layer.runningMean!.value, layer.runningVariance!.value]
        let wanted = [
          step.output, step.inputGradient, step.scaleGradient, step.offsetGradient, step.runningMean,
          step.runningVariance,
        ]
        for (part, (found, wanted)) in zip(found, wanted).enumerated() {
          try expectEqual(found, wanted, tolerance: tolerance, "\(dtype), step \(index), part \(part)")
        }
      }
      let input = variant.evaluation.input.tensor(dtype, on: device)
      try expectEqual(layer(input), variant.evaluation.output, tolerance: tolerance, "\(dtype), prediction")
    }
  }

  @Test("With ReLU inside it has the bits of the two apart, forward and backward", arguments: TestBackend.all)
  func fused(_ backend: TestBackend) throws {
    let device = try backend.device()
    let x = Tensor.uniformForTests([9, 7, 5, 12], on: device)
    let upstream = Tensor.uniformForTests([9, 7, 5, 12], index: 1, on: device)
    func run(_ layers: [any Layer]) throws -> [[Float]] {
      let model = Sequential(layers)
      try model.build(input: [7, 5, 12])
      model.initialize(seed: 0, on: device)
      for (index, named) in model.parameters.enumerated() {
        named.parameter.value = .uniformForTests([12], index: UInt64(index + 2), on: device)
      }
      var y: Tensor?
      var atX: Tensor?
      let (_, gradients) = valueAndGradient(of: model) { model in
        y = model(x, .training(step: 0, seed: 0))
        return (y! * upstream).sum()
      }
      let parameters = model.parameters.map(\.parameter.value)
      (_, atX) = { ($0.value, $0.gradients[0]) }(
        valueAndGradient(at: [x]) { (model($0[0], .training(step: 0, seed: 0)) * upstream).sum() })
      #expect(parameters.count == 2)
      return try ([y!.detached(), atX!, model(x)] + gradients.tensors).map { try $0.scalars(as: Float.self) }
    }
    #expect(try run([BatchNorm(activation: .relu)]) == run([BatchNorm(), ReLU()]))
  }

  @Test("Running statistics are state, and no parameters")
  func state() throws {
    let layer = BatchNorm()
    try layer.build(input: [4, 4, 8])
    #expect(layer.parameters.map(\.name) == ["scale", "offset"])
    #expect(layer.state.map(\.name) == ["scale", "offset", "runningMean", "runningVariance"])
    #expect(layer.parameterCount == 16)
    layer.initialize(seed: 3, on: .reference())
    let first = try layer.state.map { try $0.parameter.value.scalars(as: Float.self)[0] }
    #expect(first == [1, 0, 0, 1])
  }

  @Test("Prediction leaves the running statistics alone, and so does an empty batch")
  func prediction() throws {
    let layer = BatchNorm()
    try layer.build(input: [2])
    layer.initialize(seed: 0, on: .reference())
    let device = layer.scale!.value.device
    _ = layer(Tensor([1, 2, 3, 4] as [Float], shape: [2, 2], on: device))
    _ = layer(.zeros([0, 2], on: device), .training(step: 0, seed: 0))
    #expect(try layer.runningMean!.value.scalars(as: Float.self) == [0, 0])
    #expect(try layer.runningVariance!.value.scalars(as: Float.self) == [1, 1])
  }

  @Test("One number a channel has the variance 0, and spoils nothing")
  func oneRow() throws {
    let layer = BatchNorm(momentum: 0.5)
    try layer.build(input: [2])
    layer.initialize(seed: 0, on: .reference())
    let x = Tensor([4, -2] as [Float], shape: [1, 2], on: layer.scale!.value.device)
    #expect(try layer(x, .training(step: 0, seed: 0)).scalars(as: Float.self) == [0, 0])
    #expect(try layer.runningMean!.value.scalars(as: Float.self) == [2, -1])
    #expect(try layer.runningVariance!.value.scalars(as: Float.self) == [0.5, 0.5])
  }

  @Test("Gradients go through mean and variance, too")
  func moments() throws {
    let device = Device.reference()
    let x = Tensor.uniformForTests([5, 2], on: device).asType(.float64)
    let (scale, offset) = (
      Tensor.ones([2], dtype: .float64, on: device), Tensor.zeros([2], dtype: .float64, on: device)
    )
    let weights = Tensor([0.3, -2] as [Double], on: device)
    let (_, found) = valueAndGradient(at: [x]) { tracked in
      let (y, mean, variance) = tracked[0].batchNorm(scale: scale, offset: offset)
      return (y * y * y).sum() + (mean * weights).sum() + (variance * weights).sum()
    }
    let (_, wanted) = valueAndGradient(at: [x]) { tracked in
      let (mean, variance) = (tracked[0].mean(0), tracked[0].variance(0))
      let y = (tracked[0] - mean) * (variance + 1e-5).rsqrt()
      return (y * y * y).sum() + (mean * weights).sum() + (variance * weights).sum()
    }
    let difference = (found[0] - wanted[0]).abs().max()
    #expect(try difference.item() < 1e-10)
  }

  @Test("What makes no sense is refused")
  func misfits() {
    func problem(_ layer: BatchNorm, _ input: Shape) -> String? {
      #expect(throws: ModelError.self) { try layer.build(input: input) }?.problem
    }
    #expect(
      problem(BatchNorm(momentum: 1.5), [3]) == "the momentum must be at least 0 and at most 1, not 1.5")
    #expect(problem(BatchNorm(epsilon: 0), [3]) == "epsilon must be a number above 0, not 0.0")
    #expect(problem(BatchNorm(), []) == "needs examples [.., channels], not []")
  }
}
