import Foundation
import LockstepCore
import LockstepNN
import LockstepSpecification
import Testing

@Suite("Model files")
struct ModelSpecificationTests {
  private let digits = """
    # A comment.
    name: small
    input: [8, 8, 1]
    layers:
      - conv2D: {filters: 4, kernel: 3, padding: same, activation: relu}
      - maxPool2D: {kernel: 2}
      - flatten
      - dropout: {rate: 0.25}
      - dense:
          units: classes
    training:
      epochs: 20
      batchSize: 32
      learningRate: 5e-2
      momentum: 0.9
      nesterov: true
      weightDecay: 0.0001
      labelSmoothing: 0.1
    """

  @Test("A file says the name, the input and how to train")
  func values() throws {
    let specification = try ModelSpecification(digits, file: "models/x.yaml")
    #expect(specification.name == "small")
    #expect(specification.input == [8, 8, 1])
    #expect(
      specification.training
        == TrainingDefaults(
          epochs: 20, batchSize: 32, learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.0001,
          labelSmoothing: 0.1))
  }

  @Test("What a file leaves out is its own name and nothing")
  func absent() throws {
    let specification = try ModelSpecification("layers: [flatten]", file: "models/tiny.v2.yaml")
    #expect(specification.name == "tiny")
    #expect(specification.input == nil)
    #expect(specification.training == TrainingDefaults())
  }

  @Test("The source reads back as the same value")
  func roundTrip() throws {
    let specification = try ModelSpecification(digits, file: "a.yaml")
    #expect(specification.source == digits)
    #expect(try ModelSpecification(specification.source, file: "a.yaml") == specification)
    let changed = digits.replacing("filters: 4", with: "filters: 5")
    #expect(try ModelSpecification(changed, file: "a.yaml") != specification)
  }

  @Test("A file makes the same net as the builder")
  func sameAsBuilder() throws {
    let fromFile = try ModelSpecification(digits).makeModel(classes: 3, input: [8, 8, 1])
    let built = Sequential {
      Conv2D(4, kernel: 3, padding: .same, activation: .relu)
      MaxPool2D(2)
      Flatten()
      Dropout(0.25)
      Dense(3)
    }
    _ = try built.build(input: [8, 8, 1])
    #expect(fromFile.layers.map(\.description) == built.layers.map(\.description))
    #expect(try fromFile.summary(input: [8, 8, 1]) == built.summary(input: [8, 8, 1]))
    let device = Device.reference()
    fromFile.initialize(seed: 7, on: device)
    built.initialize(seed: 7, on: device)
    let x = Tensor.uniformForTests([2, 8, 8, 1], on: device)
    #expect(try fromFile(x).scalars(as: Float.self) == built(x).scalars(as: Float.self))
  }

  @Test("The word classes means as many as the data set has, once for every model made")
  func classes() throws {
    let specification = try ModelSpecification("layers: [flatten, dense: {units: classes}]")
    for classes in [1, 7] {
      let model = try specification.makeModel(classes: classes, input: [3])
      #expect(model.parameters.map(\.parameter.shape) == [[3, classes], [classes]])
    }
  }

  @Test("Layers can be nested")
  func nested() throws {
    let yaml = """
      layers:
        - sequential:
            layers:
              - dense: {units: 4}
              - relu
        - dense: {units: classes}
      """
    let model = try ModelSpecification(yaml).makeModel(classes: 2, input: [3])
    #expect(
      model.parameters.map(\.name)
        == ["layers.0.layers.0.weight", "layers.0.layers.0.bias", "layers.1.weight", "layers.1.bias"])
  }

  @Test("A residual layer holds two lists of layers")
  func residual() throws {
    let yaml = """
      layers:
        - residual:
            layers:
              - dense: {units: 4, bias: false}
              - batchNorm: {momentum: 0.2, epsilon: 0.001, activation: relu}
            shortcut:
              - dense: {units: 4, bias: false}
            activation: relu
        - residual: {layers: [relu]}
        - dense: {units: classes}
      """
    let model = try ModelSpecification(yaml).makeModel(classes: 2, input: [3])
    let names = ["layers.0.weight", "layers.1.scale", "layers.1.offset", "shortcut.0.weight"]
    #expect(
      model.parameters.map(\.name) == names.map { "layers.0.\($0)" } + ["layers.2.weight", "layers.2.bias"])
    let residual = try #require(model.layers[0] as? Residual)
    #expect(residual.activation == .relu)
    let norm = try #require(residual.layers[1] as? BatchNorm)
    #expect(norm.momentum == 0.2 && norm.epsilon == 0.001 && norm.activation == .relu)
    let plain = try #require(model.layers[1] as? Residual)
    #expect(plain.shortcut.isEmpty && plain.activation == .identity)
  }
}

@Suite("Model files that don't fit the data")
struct MisfitTests {
  private func problem(_ yaml: String, classes: Int = 2, input: Shape) throws -> String? {
    let specification = try ModelSpecification(yaml, file: "net.yaml")
    return #expect(throws: SpecificationError.self) {
      try specification.makeModel(classes: classes, input: input)
    }?.description
  }

  @Test("Branches of a residual layer that differ are told with both shapes, at the layer's line")
  func residual() throws {
    let yaml = """
      layers:
        - relu
        - residual:
            layers: [{dense: {units: 5}}]
            shortcut: [{dense: {units: 4}}]
        - dense: {units: classes}
      """
    #expect(
      try problem(yaml, input: [3])
        == "net.yaml:3:5: layer layers.1, Residual(1 layers, shortcut of 1): its layers give [5], its shortcut "
        + "gives [4]; they must be the same")
    let inside = """
      layers:
        - residual:
            layers:
              - maxPool2D: {kernel: 2}
      """
    #expect(
      try problem(inside, input: [3])
        == "net.yaml:4:11: layer layers.0.layers.0, MaxPool2D(2x2): needs images [height, width, channels], "
        + "not [3]")
  }

  @Test("The line of the layer, its path and the shapes")
  func layer() throws {
    let yaml = "layers:\n  - conv2D: {filters: 4, kernel: 3}\n  - dense: {units: classes}"
    #expect(
      try problem(yaml, input: [8, 8, 1])
        == "net.yaml:3:5: layer layers.1, Dense(2): needs vectors [inputs], not [6, 6, 4]; a Flatten before it "
        + "makes them")
    #expect(
      try problem(yaml, input: [2, 2, 1])
        == "net.yaml:2:5: layer layers.0, Conv2D(4, kernel: 3x3): conv2D: a 3x3 window with dilation 1x1 does not "
        + "fit images [1, 2, 2, 1] with padding 0")
  }

  @Test("The line of a nested layer")
  func nested() throws {
    let yaml = """
      layers:
        - flatten
        - sequential:
            layers:
              - relu
              - conv2D: {filters: 1, kernel: 1}
      """
    #expect(
      try problem(yaml, input: [8, 8, 1])
        == "net.yaml:6:11: layer layers.1.layers.1, Conv2D(1, kernel: 1x1): needs images [height, width, channels], "
        + "not [64]")
  }

  @Test("Results that are not one number a class")
  func output() throws {
    #expect(
      try problem("layers:\n  - flatten\n  - dense: {units: 3}", classes: 4, input: [8, 8, 1])
        == "net.yaml:3:5: the last layer gives [3], but 4 classes need [4]; end with dense: {units: classes}")
  }

  @Test("Images of another size than the file says")
  func input() throws {
    let yaml = "input: [28, 28, 1]\nlayers:\n  - flatten\n  - dense: {units: classes}"
    #expect(
      try problem(yaml, input: [8, 8, 3])
        == "net.yaml:1:8: the model is for examples [28, 28, 1], the data set has [8, 8, 3]")
  }

  @Test("A weight that no machine holds")
  func size() throws {
    let yaml = "layers:\n  - flatten\n  - dense: {units: 1000000}\n  - dense: {units: 1000000}"
    #expect(
      try problem(yaml, input: [8, 8, 1])
        == "net.yaml:4:5: layer layers.2, Dense(1000000): its weight [1000000, 1000000] would have more than "
        + "2147483647 elements")
  }
}

@Suite("Every key of every layer")
struct LayerTableTests {
  private func layer(_ yaml: String) throws -> any Layer {
    // An unused head gives the net one result a class.
    let text = "layers:\n  - \(yaml)\n  - flatten\n  - dense: {units: classes}"
    return try ModelSpecification(text).makeModel(classes: 2, input: [16, 16, 4]).layers[0]
  }

  @Test("conv2D")
  func conv2D() throws {
    let layer = try #require(
      try layer(
        "conv2D: {filters: 6, kernel: [3, 2], stride: [2, 1], padding: [1, 2, 3, 0], dilation: 2, groups: 2, "
          + "bias: false, activation: {gelu: {approximate: tanh}}, weightInitializer: {uniform: {limit: 0.5}}}"
      ) as? Conv2D)
    #expect(layer.filters == 6)
    #expect(layer.kernel == Size2D(height: 3, width: 2))
    #expect(layer.stride == Size2D(height: 2, width: 1))
    #expect(layer.padding == .edges(top: 1, bottom: 2, left: 3, right: 0))
    #expect(layer.dilation == 2)
    #expect(layer.groups == 2)
    #expect(!layer.usesBias)
    #expect(layer.activation == .gelu(approximate: .tanh))
    #expect(layer.weightInitializer == .uniform(limit: 0.5))
  }

  @Test("What is left out of conv2D and dense is what the initialisers leave out")
  func defaults() throws {
    let fromFile = try #require(try layer("conv2D: {filters: 6, kernel: 3}") as? Conv2D)
    let written = Conv2D(6, kernel: 3)
    #expect(fromFile.stride == written.stride)
    #expect(fromFile.padding == written.padding)
    #expect(fromFile.dilation == written.dilation)
    #expect(fromFile.groups == written.groups)
    #expect(fromFile.usesBias == written.usesBias)
    #expect(fromFile.activation == written.activation)
    #expect(fromFile.weightInitializer == written.weightInitializer)
    let text = "layers: [flatten, dense: {units: 2}]"
    let dense = try #require(
      try ModelSpecification(text).makeModel(classes: 2, input: [4]).layers[1] as? Dense)
    #expect(dense.usesBias == Dense(2).usesBias)
    #expect(dense.activation == Dense(2).activation)
    #expect(dense.weightInitializer == Dense(2).weightInitializer)
  }

  @Test("pools")
  func pools() throws {
    let max = try #require(try layer("maxPool2D: {kernel: 3, stride: 2, padding: same}") as? MaxPool2D)
    #expect((max.kernel, max.stride) == (3, 2))
    #expect(max.padding == .same)
    let plain = try #require(try layer("maxPool2D: {kernel: [2, 4]}") as? MaxPool2D)
    #expect(plain.stride == Size2D(height: 2, width: 4))
    let mean = try #require(
      try layer("averagePool2D: {kernel: 3, stride: 2, padding: 1, countsPadding: true}") as? AveragePool2D)
    #expect((mean.kernel, mean.stride) == (3, 2))
    #expect(mean.padding == .pixels(1))
    #expect(mean.countsPadding)
    #expect(try layer("globalAveragePool2D") is GlobalAveragePool2D)
  }

  @Test("dropout")
  func dropout() throws {
    #expect((try layer("dropout: {rate: 0.375}") as? Dropout)?.rate == 0.375)
  }

  @Test(
    "initialisers",
    arguments: [
      ("zeros", .zeros), ("ones", .ones), ("{constant: {value: -1.5}}", .constant(-1.5)),
      ("{uniform: {limit: 0.25}}", .uniform(limit: 0.25)),
      ("{normal: {standardDeviation: 1e-2}}", .normal(standardDeviation: 0.01)), ("heUniform", .heUniform),
      ("heNormal", .heNormal), ("glorotUniform", .glorotUniform), ("glorotNormal", .glorotNormal),
      ("lecunUniform", .lecunUniform), ("lecunNormal", .lecunNormal),
    ] as [(String, Initializer)])
  func initializers(_ yaml: String, _ expected: Initializer) throws {
    let text = "layers: [flatten, dense: {units: 2, weightInitializer: \(yaml)}]"
    let model = try ModelSpecification(text).makeModel(classes: 2, input: [4])
    #expect((model.layers[1] as? Dense)?.weightInitializer == expected)
  }
}
