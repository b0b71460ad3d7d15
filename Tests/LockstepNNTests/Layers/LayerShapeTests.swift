import LockstepCore
import LockstepNN
import Testing

/// A layer, the shape of an example, and what comes of it.
struct ShapeCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let input: Shape
  let output: Shape
  let parameters: [Shape]
  let make: @Sendable () -> any Layer

  init(
    _ description: String, _ input: Shape, _ output: Shape, parameters: [Shape] = [],
    _ make: @autoclosure @escaping @Sendable () -> any Layer
  ) {
    testDescription = description
    self.input = input
    self.output = output
    self.parameters = parameters
    self.make = make
  }
}

/// Descriptions are written out: they are what summaries and errors print.
private let shapeCases: [ShapeCase] = [
  ShapeCase("Dense(7)", [5], [7], parameters: [[5, 7], [7]], Dense(7)),
  ShapeCase(
    "Dense(7, bias: false, tanh)", [5], [7], parameters: [[5, 7]], Dense(7, bias: false, activation: .tanh)),
  ShapeCase(
    "Conv2D(4, kernel: 3x3)", [8, 9, 2], [6, 7, 4], parameters: [[3, 3, 2, 4], [4]], Conv2D(4, kernel: 3)),
  ShapeCase(
    "Conv2D(6, kernel: 3x2, stride: 2x2, padding: same, dilation: 1x2, groups: 2, bias: false, relu)",
    [9, 7, 4], [5, 4, 6], parameters: [[3, 2, 2, 6]],
    Conv2D(
      6, kernel: Size2D(height: 3, width: 2), stride: 2, padding: .same,
      dilation: Size2D(height: 1, width: 2),
      groups: 2, bias: false, activation: .relu)),
  ShapeCase(
    "Conv2D(1, kernel: 2x2, padding: [1, 0, 2, 0])", [4, 4, 1], [4, 5, 1], parameters: [[2, 2, 1, 1], [1]],
    Conv2D(1, kernel: 2, padding: .edges(top: 1, bottom: 0, left: 2, right: 0))),
  ShapeCase(
    "DepthwiseConv2D(kernel: 3x3)", [8, 9, 2], [6, 7, 2], parameters: [[3, 3, 1, 2], [2]],
    DepthwiseConv2D(kernel: 3)),
  ShapeCase(
    "DepthwiseConv2D(kernel: 3x2, multiplier: 3, stride: 2x2, padding: same, dilation: 1x2, bias: false, relu6)",
    [9, 7, 4], [5, 4, 12], parameters: [[3, 2, 1, 12]],
    DepthwiseConv2D(
      kernel: Size2D(height: 3, width: 2), multiplier: 3, stride: 2, padding: .same,
      dilation: Size2D(height: 1, width: 2), bias: false, activation: .relu6)),
  ShapeCase(
    "Conv2DTranspose(4, kernel: 3x3)", [5, 6, 2], [7, 8, 4], parameters: [[3, 3, 4, 2], [4]],
    Conv2DTranspose(4, kernel: 3)),
  ShapeCase(
    "Conv2DTranspose(6, kernel: 3x3, stride: 2x2, padding: 1, outputPadding: 1x1, dilation: 1x2, groups: 2, "
      + "bias: false, leakyReLU(slope: 0.2))", [5, 4, 4], [10, 10, 6], parameters: [[3, 3, 3, 4]],
    Conv2DTranspose(
      6, kernel: 3, stride: 2, padding: .pixels(1), outputPadding: 1,
      dilation: Size2D(height: 1, width: 2), groups: 2, bias: false, activation: .leakyReLU(slope: 0.2))),
  ShapeCase(
    "Conv2DTranspose(1, kernel: 2x2, stride: 3x3, padding: same)", [5, 4, 1], [15, 12, 1],
    parameters: [[2, 2, 1, 1], [1]], Conv2DTranspose(1, kernel: 2, stride: 3, padding: .same)),
  ShapeCase("LayerNorm", [5, 6, 7], [5, 6, 7], parameters: [[7], [7]], LayerNorm()),
  ShapeCase(
    "LayerNorm(dimensions: 2, epsilon: 0.001)", [5, 6, 7], [5, 6, 7], parameters: [[6, 7], [6, 7]],
    LayerNorm(dimensions: 2, epsilon: 0.001)),
  ShapeCase("LayerNorm(affine: false)", [5], [5], LayerNorm(affine: false)),
  ShapeCase("GroupNorm(2)", [5, 6, 4], [5, 6, 4], parameters: [[4], [4]], GroupNorm(2)),
  ShapeCase(
    "GroupNorm(4, epsilon: 0.001, affine: false)", [4], [4], GroupNorm(4, epsilon: 0.001, affine: false)),
  ShapeCase("PReLU", [5, 6, 4], [5, 6, 4], parameters: [[1]], PReLU()),
  ShapeCase("PReLU(perChannel: true)", [5, 6, 4], [5, 6, 4], parameters: [[4]], PReLU(perChannel: true)),
  ShapeCase(
    "Add(3 branches, relu)", [3], [5], parameters: [[3, 5], [5], [3, 5], [5], [3, 5], [5]],
    Add([[Dense(5)], [ReLU(), Dense(5)], [Dense(5)]], activation: .relu)),
  ShapeCase("Add(2 branches)", [3], [3], Add([[], [ReLU()]])),
  ShapeCase(
    "Concatenate(2 branches)", [3], [8], parameters: [[3, 5], [5]], Concatenate([[], [Dense(5)]])),
  ShapeCase(
    "Concatenate(5 branches, axis: 1)", [2, 3], [10, 3], Concatenate([[], [], [ReLU()], [], []], axis: 1)),
  ShapeCase("ZeroPad2D(1)", [2, 3, 4], [4, 5, 4], ZeroPad2D(1)),
  ShapeCase(
    "ZeroPad2D([1, 2, 3, 0])", [2, 3, 4], [5, 6, 4],
    ZeroPad2D(EdgeInsets(top: 1, bottom: 2, left: 3, right: 0))),
  ShapeCase(
    "UpSampling2D(2x3)", [2, 3, 4], [4, 9, 4], UpSampling2D(Size2D(height: 2, width: 3))),
  ShapeCase("Reshape([-1, 6])", [2, 3, 4], [4, 6], Reshape([-1, 6])),
  ShapeCase("LeakyReLU(slope: 0.2)", [3], [3], LeakyReLU(slope: 0.2)),
  ShapeCase("GELU(approximate: tanh)", [3], [3], GELU(approximate: .tanh)),
  ShapeCase("ActivationLayer(elu(alpha: 0.5))", [3], [3], ActivationLayer(.elu(alpha: 0.5))),
  ShapeCase("Softmax(axis: 1)", [2, 3], [2, 3], Softmax(axis: 1)),
  ShapeCase("BatchNorm", [5, 6, 7], [5, 6, 7], parameters: [[7], [7]], BatchNorm()),
  ShapeCase(
    "BatchNorm(momentum: 0.2, epsilon: 0.001, relu)", [3], [3], parameters: [[3], [3]],
    BatchNorm(momentum: 0.2, epsilon: 0.001, activation: .relu)),
  ShapeCase(
    "Residual(1 layers, shortcut of 1)", [3], [5], parameters: [[3, 5], [5], [3, 5], [5]],
    Residual([Dense(5)], shortcut: [Dense(5)])),
  ShapeCase("MaxPool2D(2x2)", [9, 8, 3], [4, 4, 3], MaxPool2D(2)),
  ShapeCase(
    "MaxPool2D(3x3, stride: 2x2, padding: 1)", [8, 8, 3], [4, 4, 3],
    MaxPool2D(3, stride: 2, padding: .pixels(1))),
  ShapeCase("AveragePool2D(2x4)", [8, 8, 3], [4, 2, 3], AveragePool2D(Size2D(height: 2, width: 4))),
  ShapeCase(
    "AveragePool2D(3x3, stride: 1x1, padding: same, countsPadding: true)", [5, 6, 1], [5, 6, 1],
    AveragePool2D(3, stride: 1, padding: .same, countsPadding: true)),
  ShapeCase("GlobalAveragePool2D", [5, 6, 7], [7], GlobalAveragePool2D()),
  ShapeCase("Flatten", [2, 3, 4], [24], Flatten()),
  ShapeCase("Flatten", [5], [5], Flatten()),
  ShapeCase("Dropout(0.25)", [2, 3, 4], [2, 3, 4], Dropout(0.25)),
  ShapeCase("ReLU", [3], [3], ReLU()),
  ShapeCase("LogSoftmax", [3], [3], LogSoftmax()),
  ShapeCase("ActivationLayer(gelu)", [2, 3], [2, 3], ActivationLayer(.gelu())),
  ShapeCase(
    "Sequential(2 layers)", [3], [2], parameters: [[3, 4], [4], [4, 2], [2]],
    Sequential([Dense(4), Dense(2)])),
]

@Suite("Shapes of layers")
struct LayerShapeTests {
  @Test("build(input:), the parameters and a batch of two agree with what is written", arguments: shapeCases)
  func shapes(_ expected: ShapeCase) throws {
    let layer = expected.make()
    #expect(layer.description == expected.testDescription)
    #expect(try layer.build(input: expected.input) == expected.output)
    #expect(layer.parameters.map(\.parameter.shape) == expected.parameters)
    layer.initialize(seed: 1, on: .reference())
    let x = Tensor.uniformForTests(Shape([2] + expected.input.dimensions), on: .reference())
    // On the device of the parameters, where there are any.
    let device = layer.parameters.first?.parameter.value.device ?? x.device
    let y = layer(Tensor(try x.scalars(as: Float.self), shape: x.shape, on: device))
    #expect(y.shape == Shape([2] + expected.output.dimensions))
    #expect(try y.scalars(as: Float.self).allSatisfy(\.isFinite))
  }

  @Test("GlobalAveragePool2D is the mean of each channel")
  func globalAverage() throws {
    let x = Tensor([1, 10, 2, 20, 3, 30, 6, 60] as [Float], shape: [1, 2, 2, 2], on: .reference())
    #expect(try GlobalAveragePool2D()(x).scalars(as: Float.self) == [3, 30])
  }

  @Test("Flatten keeps the order of the elements")
  func flatten() throws {
    let x = Tensor((0..<12).map(Float.init), shape: [2, 2, 3, 1], on: .reference())
    let y = Flatten()(x)
    #expect(y.shape == [2, 6])
    #expect(try y.scalars(as: Float.self) == (0..<12).map(Float.init))
  }
}

@Suite("Layers that can't be built")
struct BuildErrorTests {
  private func problem(_ input: Shape, @LayerBuilder _ layers: () -> [any Layer]) -> String? {
    let model = Sequential(layers)
    return #expect(throws: ModelError.self) { try model.build(input: input) }?.description
  }

  @Test("The layer's path, what it is, and both shapes")
  func messages() {
    #expect(
      problem([4, 4, 1]) {
        Conv2D(2, kernel: 3)
        MaxPool2D(3)
      } == "layer layers.1, MaxPool2D(3x3): maxPool2D: a 3x3 window with dilation 1x1 does not fit images "
        + "[1, 2, 2, 2] with padding 0")
    #expect(
      problem([4, 4, 1]) {
        ReLU()
        Dense(3)
      } == "layer layers.1, Dense(3): needs vectors [inputs], not [4, 4, 1]; a Flatten before it makes them")
    #expect(
      problem([16]) { Conv2D(3, kernel: 1) }
        == "layer layers.0, Conv2D(3, kernel: 1x1): needs images [height, width, channels], not [16]")
    #expect(
      problem([16]) { GlobalAveragePool2D() }
        == "layer layers.0, GlobalAveragePool2D: needs images [height, width, channels], not [16]")
    #expect(
      problem([16]) { AveragePool2D(2) }
        == "layer layers.0, AveragePool2D(2x2): needs images [height, width, channels], not [16]")
  }

  @Test("The path of a layer inside of a layer")
  func nested() {
    let inner = Sequential([Flatten(), MaxPool2D(2)])
    #expect(
      problem([4, 4, 1]) {
        ReLU()
        inner
      } == "layer layers.1.layers.1, MaxPool2D(2x2): needs images [height, width, channels], not [16]")
  }

  @Test("Sizes that make no sense")
  func sizes() {
    #expect(
      problem([8, 8, 3]) { Conv2D(4, kernel: 3, groups: 2) }
        == "layer layers.0, Conv2D(4, kernel: 3x3, groups: 2): 3 channels can't be cut into 2 groups")
    #expect(
      problem([8, 8, 4]) { Conv2D(3, kernel: 3, groups: 2) }?.hasSuffix(
        "3 output channels can't be cut into 2 groups") == true)
    #expect(problem([8, 8, 4]) { Conv2D(3, kernel: 0) }?.contains("at least 1x1, not 0x0") == true)
    #expect(
      problem([8, 8, 4]) { Conv2D(3, kernel: 3, stride: 0) }?.contains("stride must be at least 1") == true)
    #expect(
      problem([8, 8, 4]) { Conv2D(0, kernel: 3) }?.hasSuffix("needs at least one filter, not 0") == true)
    #expect(problem([8]) { Dense(0) } == "layer layers.0, Dense(0): needs at least one unit, not 0")
    #expect(
      problem([8]) { Dropout(1) }
        == "layer layers.0, Dropout(1.0): the rate must be at least 0 and less than 1, not 1.0")
    #expect(problem([8]) { Dropout(.nan) }?.hasSuffix("not nan") == true)
    #expect(
      problem([8, 8, 1]) { MaxPool2D(2, padding: .pixels(2)) }?.hasSuffix(
        "padding 2 must be smaller than the window 2x2") == true)
  }

  @Test("A weight that overflows every memory")
  func overflow() {
    #expect(
      problem([1 << 40]) { Dense(1 << 40) }?.hasSuffix(
        "its weight [1099511627776, 1099511627776] would have more than 2147483647 elements") == true)
  }
}
