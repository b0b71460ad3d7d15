import LockstepCore
import LockstepNN
import LockstepSpecification
import Testing

@Suite("Keys of layers made of several operations")
struct LayerKeysTests {
  /// A layer of a file, for images `[16, 16, 4]`.
  private func layer<Kind: Layer>(_ yaml: String, as type: Kind.Type = Kind.self) throws -> Kind {
    let text = "layers:\n  - \(yaml)\n  - flatten\n  - dense: {units: classes}"
    let model = try ModelSpecification(text).makeModel(classes: 2, input: [16, 16, 4])
    return try #require(model.layers[0] as? Kind)
  }

  @Test("depthwiseConv2D")
  func depthwiseConv2D() throws {
    let layer: DepthwiseConv2D = try layer(
      "depthwiseConv2D: {kernel: [3, 2], multiplier: 2, stride: 2, padding: same, dilation: [1, 2], bias: false, "
        + "activation: relu6, weightInitializer: ones}")
    #expect(layer.kernel == Size2D(height: 3, width: 2))
    #expect((layer.multiplier, layer.stride) == (2, 2))
    #expect(layer.padding == .same)
    #expect(layer.dilation == Size2D(height: 1, width: 2))
    #expect(!layer.usesBias)
    #expect(layer.activation == .relu6)
    #expect(layer.weightInitializer == .ones)
    let plain: DepthwiseConv2D = try self.layer("depthwiseConv2D: {kernel: 3}")
    #expect(plain.description == DepthwiseConv2D(kernel: 3).description)
    #expect(plain.weightInitializer == .heUniform)
  }

  @Test("conv2DTranspose")
  func conv2DTranspose() throws {
    let layer: Conv2DTranspose = try layer(
      "conv2DTranspose: {filters: 6, kernel: 3, stride: [2, 3], padding: 1, outputPadding: [1, 2], dilation: 2, "
        + "groups: 2, bias: false, activation: tanh, weightInitializer: ones}")
    #expect(
      layer.description
        == "Conv2DTranspose(6, kernel: 3x3, stride: 2x3, padding: 1, outputPadding: 1x2, dilation: 2x2, groups: 2, "
        + "bias: false, tanh)")
    #expect(layer.weightInitializer == .ones)
    let plain: Conv2DTranspose = try self.layer("conv2DTranspose: {filters: 2, kernel: 3}")
    #expect(plain.description == Conv2DTranspose(2, kernel: 3).description)
    #expect(plain.weightInitializer == .heUniform)
  }

  @Test("layerNorm and groupNorm")
  func normalizations() throws {
    let layerNorm: LayerNorm = try layer("layerNorm: {dimensions: 3, epsilon: 0.001, affine: false}")
    #expect(layerNorm.description == "LayerNorm(dimensions: 3, epsilon: 0.001, affine: false)")
    let plain: LayerNorm = try layer("layerNorm")
    #expect(plain.description == LayerNorm().description)
    let groupNorm: GroupNorm = try layer("groupNorm: {groups: 2, epsilon: 0.001, affine: false}")
    #expect(groupNorm.description == "GroupNorm(2, epsilon: 0.001, affine: false)")
    let instances: GroupNorm = try layer("groupNorm: {groups: 4}")
    #expect(instances.description == GroupNorm(4).description)
  }

  @Test("upSampling2D, zeroPad2D and reshape")
  func movements() throws {
    #expect(try layer("upSampling2D", as: UpSampling2D.self).size == 2)
    #expect(
      try layer("upSampling2D: {size: [1, 3]}", as: UpSampling2D.self).size == Size2D(height: 1, width: 3))
    #expect(
      try layer("zeroPad2D: {padding: 2}", as: ZeroPad2D.self).padding
        == EdgeInsets(top: 2, bottom: 2, left: 2, right: 2))
    #expect(
      try layer("zeroPad2D: {padding: [1, 2, 3, 0]}", as: ZeroPad2D.self).padding
        == EdgeInsets(top: 1, bottom: 2, left: 3, right: 0))
    #expect(try layer("reshape: {shape: [-1, 8]}", as: Reshape.self).dimensions == [-1, 8])
  }

  @Test("add and concatenate hold lists of lists of layers")
  func branches() throws {
    let yaml = """
      layers:
        - add:
            branches:
              - [dense: {units: 4, bias: false}, relu]
              - [dense: {units: 4, bias: false}]
            activation: relu
        - concatenate: {branches: [[identity], [dense: {units: 3, bias: false}]], axis: 1}
        - dense: {units: classes, bias: false}
      """
    let model = try ModelSpecification(yaml).makeModel(classes: 2, input: [3])
    #expect(
      model.parameters.map(\.name) == [
        "layers.0.branches.0.0.weight", "layers.0.branches.1.0.weight", "layers.1.branches.1.0.weight",
        "layers.2.weight",
      ])
    #expect((model.layers[0] as? Add)?.activation == .relu)
    #expect((model.layers[1] as? Concatenate)?.axis == 1)
    #expect(model.parameters.last?.parameter.shape == [7, 2])
  }

  @Test(
    "activations, as layers and inside of others",
    arguments: [
      ("identity", .identity), ("relu", .relu), ("relu6", .relu6), ("silu", .silu), ("hardSwish", .hardSwish),
      ("softplus", .softplus), ("tanh", .tanh), ("sigmoid", .sigmoid), ("hardSigmoid", .hardSigmoid),
      ("leakyReLU", .leakyReLU(slope: 0.01)), ("leakyReLU: {slope: 0.2}", .leakyReLU(slope: 0.2)),
      ("elu", .elu(alpha: 1)), ("elu: {alpha: 0.5}", .elu(alpha: 0.5)), ("gelu", .gelu(approximate: .none)),
      ("gelu: {approximate: tanh}", .gelu(approximate: .tanh)), ("softmax", .softmax(axis: -1)),
      ("softmax: {axis: 1}", .softmax(axis: 1)), ("logSoftmax", .logSoftmax(axis: -1)),
      ("logSoftmax: {axis: 2}", .logSoftmax(axis: 2)),
    ] as [(String, Activation)])
  func activations(_ yaml: String, _ expected: Activation) throws {
    #expect(try layer(yaml, as: ActivationLayer.self).activation == expected)
    let inside = yaml.contains(":") ? "{\(yaml)}" : yaml
    let conv: Conv2D = try layer("conv2D: {filters: 2, kernel: 1, activation: \(inside)}")
    #expect(conv.activation == expected)
  }

  @Test("prelu")
  func prelu() throws {
    let shared: PReLU = try layer("prelu")
    #expect(!shared.perChannel && shared.initializer == .constant(0.25))
    let own: PReLU = try layer("prelu: {perChannel: true, initializer: zeros}")
    #expect(own.perChannel && own.initializer == .zeros)
  }

  @Test("embedding, which takes examples of whole numbers alone")
  func embedding() throws {
    let text =
      "layers:\n  - embedding: {count: 9, units: 3, initializer: ones}\n  - flatten\n  - dense: {units: classes}"
    let specification = try ModelSpecification(text, file: "net.yaml")
    let model = try specification.makeModel(classes: 2, input: [5], dtype: .int32)
    let layer = try #require(model.layers[0] as? Embedding)
    #expect((layer.count, layer.units) == (9, 3))
    #expect(layer.initializer == .ones)
    #expect(try model.summary(input: [5]).parameterCount == 9 * 3 + 5 * 3 * 2 + 2)
    let error = #expect(throws: SpecificationError.self) {
      try specification.makeModel(classes: 2, input: [5])
    }
    #expect(
      error?.description
        == "net.yaml:2:5: the first layer takes indices, the examples of the data set are real numbers")
  }
}
