import LockstepCore
import LockstepNN
import Testing

@Suite("Layers of several operations give PyTorch's numbers, forward and backward")
struct PyTorchLayerTests {
  @Test("Conv2DTranspose", arguments: TestBackend.all, GoldenCase.ofLayer("conv2DTranspose"))
  func conv2DTranspose(_ backend: TestBackend, _ golden: GoldenCase) throws {
    let a = golden.attributes
    let weight = golden.inputs["weight"]!.shape
    let layer = Conv2DTranspose(
      golden.outputs["output"]!.shape[3], kernel: Size2D(height: weight[0], width: weight[1]),
      stride: a.stride, padding: a.layerPadding, outputPadding: a.outputPadding, dilation: a.dilation,
      groups: a.groups!)
    try golden.check(layer, on: backend.device()) { ["weight": layer.weight!, "bias": layer.bias!] }
  }

  @Test("DepthwiseConv2D", arguments: TestBackend.all, GoldenCase.ofLayer("depthwiseConv2D"))
  func depthwiseConv2D(_ backend: TestBackend, _ golden: GoldenCase) throws {
    let a = golden.attributes
    let weight = golden.inputs["weight"]!.shape
    let layer = DepthwiseConv2D(
      kernel: Size2D(height: weight[0], width: weight[1]), multiplier: a.multiplier!, stride: a.stride,
      padding: a.layerPadding, dilation: a.dilation)
    try golden.check(layer, on: backend.device()) { ["weight": layer.weight!, "bias": layer.bias!] }
  }

  @Test("LayerNorm", arguments: TestBackend.all, GoldenCase.ofLayer("layerNorm"))
  func layerNorm(_ backend: TestBackend, _ golden: GoldenCase) throws {
    let a = golden.attributes
    let layer = LayerNorm(dimensions: a.dimensions!, epsilon: a.epsilon!, affine: a.affine!)
    try golden.checkNorm(layer, on: backend.device()) {
      a.affine! ? ["scale": layer.scale!, "offset": layer.offset!] : [:]
    }
  }

  @Test("GroupNorm", arguments: TestBackend.all, GoldenCase.ofLayer("groupNorm"))
  func groupNorm(_ backend: TestBackend, _ golden: GoldenCase) throws {
    let a = golden.attributes
    let layer = GroupNorm(a.groups!, epsilon: a.epsilon!, affine: a.affine!)
    try golden.checkNorm(layer, on: backend.device()) {
      a.affine! ? ["scale": layer.scale!, "offset": layer.offset!] : [:]
    }
  }

  @Test("Activations with their options", arguments: TestBackend.all, ActivationOption.all)
  func activations(_ backend: TestBackend, _ option: ActivationOption) throws {
    for golden in GoldenCase.ofLayer(option.operation) {
      try golden.check(option.layer(golden.attributes), on: backend.device())
    }
  }

  @Test("PReLU", arguments: TestBackend.all, GoldenCase.ofLayer("prelu"))
  func prelu(_ backend: TestBackend, _ golden: GoldenCase) throws {
    let layer = PReLU(perChannel: golden.attributes.perChannel!)
    try golden.check(layer, on: backend.device()) { ["slope": layer.slope!] }
  }

  @Test("UpSampling2D and ZeroPad2D", arguments: TestBackend.all)
  func movements(_ backend: TestBackend) throws {
    for golden in GoldenCase.ofLayer("upSampling2D") {
      try golden.check(UpSampling2D(golden.attributes.window), on: backend.device())
    }
    for golden in GoldenCase.ofLayer("zeroPad2D") {
      try golden.check(ZeroPad2D(golden.attributes.insets), on: backend.device())
    }
  }

  @Test(
    "Embedding, of int32 and int64", arguments: TestBackend.all, GoldenCase.ofLayer("embedding"))
  func embedding(_ backend: TestBackend, _ golden: GoldenCase) throws {
    let device = try backend.device()
    let layer = Embedding(golden.attributes.count!, units: golden.attributes.units!)
    let built = try layer.build(input: Shape(Array(golden.inputs["input"]!.shape.dropFirst())))
    #expect(built.dimensions == Array(golden.outputs["output"]!.shape.dropFirst()))
    for (dtype, indexType) in [(DType.float64, DType.int64), (.float32, .int32)] {
      let indices = golden.inputs["input"]!.tensor(dtype, on: device).asType(indexType)
      let upstream = golden.upstream["output"]!.tensor(dtype, on: device)
      var output: Tensor?
      let slope = gradient(at: golden.inputs["weight"]!.tensor(dtype, on: device)) { weight in
        layer.weight!.value = weight
        output = layer(indices).detached()
        return (layer(indices) * upstream).sum()
      }
      try expectEqual(output!, golden.outputs["output"]!, tolerance: 0, "\(dtype), output")
      try expectEqual(slope, golden.gradients["weight"]!, tolerance: 0, "\(dtype), gradient")
    }
  }
}

/// An activation of layers.json, made with the options of a case.
struct ActivationOption: Sendable, CustomTestStringConvertible {
  let operation: String
  let layer: @Sendable (GoldenCase.Attributes) -> ActivationLayer

  var testDescription: String { operation }

  static let all = [
    ActivationOption(operation: "leakyReLU") { LeakyReLU(slope: $0.slope!) },
    ActivationOption(operation: "elu") { ELU(alpha: $0.alpha!) },
    ActivationOption(operation: "gelu") { GELU(approximate: GELUApproximation(rawValue: $0.approximate!)!) },
    ActivationOption(operation: "silu") { _ in SiLU() },
    ActivationOption(operation: "relu6") { _ in ReLU6() },
    ActivationOption(operation: "hardSwish") { _ in HardSwish() },
    ActivationOption(operation: "hardSigmoid") { _ in HardSigmoid() },
    ActivationOption(operation: "softmax") { Softmax(axis: $0.axis!) },
    ActivationOption(operation: "logSoftmax") { LogSoftmax(axis: $0.axis!) },
  ]
}

extension GoldenCase {
  /// In float32 a row whose mean is 1000 has lost ten of its 24 bits before anything is computed: only the case
  /// far from zero, whose inputs are exact all the same, shows whether the moments take two passes.
  fileprivate func checkNorm(
    _ layer: some Layer, on device: Device, _ parameters: () -> [String: Parameter]
  ) throws {
    try check(layer, on: device, float64: 1e-11, float32: 1e-4, parameters)
  }
}
