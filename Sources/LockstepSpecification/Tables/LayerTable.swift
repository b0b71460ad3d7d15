import LockstepCore
import LockstepNN

/// Every layer a file can ask for: its name there, its keys and what they make. To add a layer, add a line.
let layerTable: [Maker<any Layer>] = [
  Maker("conv2D") {
    Conv2D(
      $0.get("filters", .count), kernel: $0.get("kernel", .size), stride: $0.get("stride", .size, or: 1),
      padding: $0.get("padding", .padding, or: .valid), dilation: $0.get("dilation", .size, or: 1),
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
  Maker("batchNorm") {
    BatchNorm(
      momentum: $0.get("momentum", .share, or: 0.1), epsilon: $0.get("epsilon", .positiveNumber, or: 1e-5),
      activation: $0.get("activation", .activation, or: .identity))
  },
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
  Maker("flatten") { _ in Flatten() },
  Maker("dropout") { Dropout($0.get("rate", .share)) },
  Maker("sequential") { Sequential($0.get("layers", .layers)) },
  Maker("residual") {
    Residual(
      $0.get("layers", .layers), shortcut: $0.find("shortcut", .layers) ?? [],
      activation: $0.get("activation", .activation, or: .identity))
  },
  Maker("identity") { _ in Identity() },
  Maker("relu") { _ in ReLU() },
  Maker("leakyReLU") { _ in LeakyReLU() },
  Maker("elu") { _ in ELU() },
  Maker("gelu") { _ in GELU() },
  Maker("silu") { _ in SiLU() },
  Maker("softplus") { _ in Softplus() },
  Maker("tanh") { _ in Tanh() },
  Maker("sigmoid") { _ in Sigmoid() },
  Maker("softmax") { _ in Softmax() },
  Maker("logSoftmax") { _ in LogSoftmax() },
]
