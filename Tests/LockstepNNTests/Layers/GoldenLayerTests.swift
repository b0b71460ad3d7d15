import LockstepCore
import LockstepNN
import Testing

@Suite("Layers give PyTorch's numbers, forward and backward")
struct GoldenLayerTests {
  @Test("Conv2D", arguments: TestBackend.all, GoldenCase.of("conv2D"))
  func conv2D(_ backend: TestBackend, _ golden: GoldenCase) throws {
    let a = golden.attributes
    let layer = Conv2D(
      golden.outputs["output"]!.shape[3],
      kernel: Size2D(height: golden.inputs["weight"]!.shape[0], width: golden.inputs["weight"]!.shape[1]),
      stride: a.stride, padding: a.layerPadding,
      dilation: Size2D(height: a.dilationHeight!, width: a.dilationWidth!), groups: a.groups!)
    try golden.check(layer, on: backend.device()) {
      ["weight": layer.weight!, "bias": layer.bias!]
    }
  }

  @Test("Dense", arguments: TestBackend.all, GoldenCase.of("dense"))
  func dense(_ backend: TestBackend, _ golden: GoldenCase) throws {
    let layer = Dense(golden.outputs["output"]!.shape[1])
    try golden.check(layer, on: backend.device()) {
      ["weight": layer.weight!, "bias": layer.bias!]
    }
  }

  @Test("MaxPool2D", arguments: TestBackend.all, GoldenCase.of("maxPool2D"))
  func maxPool2D(_ backend: TestBackend, _ golden: GoldenCase) throws {
    let a = golden.attributes
    let layer = MaxPool2D(a.window, stride: a.stride, padding: a.layerPadding)
    try golden.check(layer, on: backend.device())
  }

  @Test("AveragePool2D", arguments: TestBackend.all, GoldenCase.of("averagePool2D"))
  func averagePool2D(_ backend: TestBackend, _ golden: GoldenCase) throws {
    let a = golden.attributes
    let layer = AveragePool2D(
      a.window, stride: a.stride, padding: a.layerPadding, countsPadding: a.countIncludesPadding!)
    try golden.check(layer, on: backend.device())
  }

  @Test(
    "Activations",
    arguments: [
      ("relu", ReLU()), ("tanh", Tanh()), ("sigmoid", Sigmoid()), ("softplus", Softplus()),
      ("softmax", Softmax()), ("logSoftmax", LogSoftmax()),
    ].map { ActivationCase(operation: $0, make: $1.activation) })
  func activations(_ activation: ActivationCase) throws {
    for golden in GoldenCase.of(activation.operation) where !golden.upstream.isEmpty {
      try golden.check(ActivationLayer(activation.make), on: .reference())
    }
  }
}

struct ActivationCase: Sendable, CustomTestStringConvertible {
  let operation: String
  let make: Activation
  var testDescription: String { operation }
}

extension GoldenCase.Attributes {
  fileprivate var stride: Size2D { Size2D(height: strideHeight!, width: strideWidth!) }
  fileprivate var window: Size2D { Size2D(height: windowHeight!, width: windowWidth!) }

  /// As the layer would be given it: for "same" the layer works the four numbers out, as Python did.
  fileprivate var layerPadding: Padding {
    switch padding! {
    case "same": .same
    case "valid": .valid
    default:
      .edges(top: paddingTop!, bottom: paddingBottom!, left: paddingLeft!, right: paddingRight!)
    }
  }
}

extension GoldenCase {
  /// Builds a layer, gives its parameters the case's values and holds results and gradients against PyTorch's, in
  /// both floating-point types.
  fileprivate func check(
    _ layer: some Layer, on device: Device, _ parameters: () -> [String: Parameter] = { [:] }
  ) throws {
    let built = try layer.build(input: Shape(Array(inputs["input"]!.shape.dropFirst())))
    #expect(built.dimensions == Array(outputs["output"]!.shape.dropFirst()), "the shape build(input:) gives")
    let parameters = parameters()
    for (dtype, tolerance) in [(DType.float64, 1e-13), (.float32, 2e-6)] {
      let tolerance = exact ? 0 : tolerance
      let names = inputs.keys.sorted()
      var output: Tensor?
      let values = names.map { inputs[$0]!.tensor(dtype, on: device) }
      let upstream = upstream["output"]?.tensor(dtype, on: device)
      let (_, found) = valueAndGradient(at: values) { tracked in
        for (name, value) in zip(names, tracked) { parameters[name]?.value = value }
        let result = layer(tracked[names.firstIndex(of: "input")!])
        output = result.detached()
        return (upstream.map { result * $0 } ?? result).sum()
      }
      try expectEqual(output!, outputs["output"]!, tolerance: tolerance, "\(name), output, \(dtype)")
      guard upstream != nil else { continue }
      for (key, gradient) in zip(names, found) {
        try expectEqual(
          gradient, gradients[key]!, tolerance: tolerance, "\(name), gradient at \(key), \(dtype)")
      }
    }
  }
}
