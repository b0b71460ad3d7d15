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
