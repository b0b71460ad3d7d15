import LockstepNN

/// Every activation a file can ask for, as a layer or as the `activation` of another.
let activationTable: [Maker<ActivationLayer>] = [
  Maker("identity") { _ in Identity() },
  Maker("relu") { _ in ReLU() },
  Maker("relu6") { _ in ReLU6() },
  Maker("silu") { _ in SiLU() },
  Maker("hardSwish") { _ in HardSwish() },
  Maker("softplus") { _ in Softplus() },
  Maker("tanh") { _ in Tanh() },
  Maker("sigmoid") { _ in Sigmoid() },
  Maker("hardSigmoid") { _ in HardSigmoid() },
  Maker("leakyReLU") { LeakyReLU(slope: $0.get("slope", .number, or: 0.01)) },
  Maker("elu") { ELU(alpha: $0.get("alpha", .number, or: 1)) },
  Maker("gelu") { GELU(approximate: $0.get("approximate", .approximation, or: .none)) },
  Maker("softmax") { Softmax(axis: $0.get("axis", .whole, or: -1)) },
  Maker("logSoftmax") { LogSoftmax(axis: $0.get("axis", .whole, or: -1)) },
]
