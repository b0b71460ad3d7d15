import LockstepCore
import LockstepNN

/// Every layer a file can ask for: its name there, its keys and what they make. To add a layer, add a line.
let layerTable: [Maker<any Layer>] =
  convolutions + normalizations + poolings + shapes + structures
  + activationTable.map { maker in Maker(maker.name) { maker.make($0) } } + [
    Maker("prelu") {
      PReLU(
        perChannel: $0.get("perChannel", .flag, or: false),
        initializer: $0.get("initializer", .initializer, or: .constant(0.25)))
    }
  ]

private let convolutions: [Maker<any Layer>] = [
  Maker("conv2D") {
    Conv2D(
      $0.get("filters", .count), kernel: $0.get("kernel", .size), stride: $0.get("stride", .size, or: 1),
      padding: $0.get("padding", .padding, or: .valid), dilation: $0.get("dilation", .size, or: 1),
      groups: $0.get("groups", .positive, or: 1), bias: $0.get("bias", .flag, or: true),
      activation: $0.get("activation", .activation, or: .identity),
      weightInitializer: $0.get("weightInitializer", .initializer, or: .heUniform))
  },
  Maker("depthwiseConv2D") {
    DepthwiseConv2D(
      kernel: $0.get("kernel", .size), multiplier: $0.get("multiplier", .positive, or: 1),
      stride: $0.get("stride", .size, or: 1), padding: $0.get("padding", .padding, or: .valid),
      dilation: $0.get("dilation", .size, or: 1), bias: $0.get("bias", .flag, or: true),
      activation: $0.get("activation", .activation, or: .identity),
      weightInitializer: $0.get("weightInitializer", .initializer, or: .heUniform))
  },
  Maker("conv2DTranspose") {
    Conv2DTranspose(
      $0.get("filters", .count), kernel: $0.get("kernel", .size), stride: $0.get("stride", .size, or: 1),
      padding: $0.get("padding", .padding, or: .valid),
      outputPadding: $0.get("outputPadding", .sizeOrZero, or: 0), dilation: $0.get("dilation", .size, or: 1),
      groups: $0.get("groups", .positive, or: 1), bias: $0.get("bias", .flag, or: true),
      activation: $0.get("activation", .activation, or: .identity),
      weightInitializer: $0.get("weightInitializer", .initializer, or: .heUniform))
  },
  Maker("dense") {
    Dense(
      $0.get("units", .count), bias: $0.get("bias", .flag, or: true),
      activation: $0.get("activation", .activation, or: .identity),
      weightInitializer: $0.get("weightInitializer", .initializer, or: .heUniform))
  },
  Maker("embedding") {
    Embedding(
      $0.get("count", .positive), units: $0.get("units", .count),
      initializer: $0.get("initializer", .initializer, or: .normal(standardDeviation: 1)))
  },
]

private let normalizations: [Maker<any Layer>] = [
  Maker("batchNorm") {
    BatchNorm(
      momentum: $0.get("momentum", .share, or: 0.1), epsilon: $0.get("epsilon", .positiveNumber, or: 1e-5),
      activation: $0.get("activation", .activation, or: .identity))
  },
  Maker("layerNorm") {
    LayerNorm(
      dimensions: $0.get("dimensions", .positive, or: 1),
      epsilon: $0.get("epsilon", .positiveNumber, or: 1e-5),
      affine: $0.get("affine", .flag, or: true))
  },
  Maker("groupNorm") {
    GroupNorm(
      $0.get("groups", .positive), epsilon: $0.get("epsilon", .positiveNumber, or: 1e-5),
      affine: $0.get("affine", .flag, or: true))
  },
]

private let poolings: [Maker<any Layer>] = [
  Maker("maxPool2D") {
    MaxPool2D(
      $0.get("kernel", .size), stride: $0.find("stride", .size),
      padding: $0.get("padding", .padding, or: .valid))
  },
  Maker("averagePool2D") {
    AveragePool2D(
      $0.get("kernel", .size), stride: $0.find("stride", .size),
      padding: $0.get("padding", .padding, or: .valid),
      countsPadding: $0.get("countsPadding", .flag, or: false))
  },
  Maker("globalAveragePool2D") { _ in GlobalAveragePool2D() },
  Maker("upSampling2D") { UpSampling2D($0.get("size", .size, or: 2)) },
]

private let shapes: [Maker<any Layer>] = [
  Maker("zeroPad2D") { ZeroPad2D($0.get("padding", .edges)) },
  Maker("flatten") { _ in Flatten() },
  Maker("reshape") { Reshape($0.get("shape", .dimensions)) },
  Maker("dropout") { Dropout($0.get("rate", .share)) },
]

private let structures: [Maker<any Layer>] = [
  Maker("sequential") { Sequential($0.get("layers", .layers)) },
  Maker("residual") {
    Residual(
      $0.get("layers", .layers), shortcut: $0.find("shortcut", .layers) ?? [],
      activation: $0.get("activation", .activation, or: .identity))
  },
  Maker("add") {
    Add(
      $0.get("branches", .branches), activation: $0.get("activation", .activation, or: .identity))
  },
  Maker("concatenate") {
    Concatenate($0.get("branches", .branches), axis: $0.get("axis", .whole, or: -1))
  },
]
