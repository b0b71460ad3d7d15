import LockstepNN

/// Every optimizer a file can ask for: its name there, its keys and what they make.
let optimizerTable: [Maker<OptimizerKind>] = [
  Maker("sgd") { _ in .sgd },
  Maker("adam") {
    .adam(
      beta1: $0.get("beta1", .share, or: 0.9), beta2: $0.get("beta2", .share, or: 0.999),
      epsilon: $0.get("epsilon", .nonnegativeNumber, or: 1e-8), amsgrad: $0.get("amsgrad", .flag, or: false))
  },
  Maker("adamw") {
    .adamW(
      beta1: $0.get("beta1", .share, or: 0.9), beta2: $0.get("beta2", .share, or: 0.999),
      epsilon: $0.get("epsilon", .nonnegativeNumber, or: 1e-8), amsgrad: $0.get("amsgrad", .flag, or: false))
  },
  Maker("rmsprop") {
    .rmsProp(
      alpha: $0.get("alpha", .share, or: 0.99), epsilon: $0.get("epsilon", .nonnegativeNumber, or: 1e-8),
      momentum: $0.get("momentum", .share, or: 0), centered: $0.get("centered", .flag, or: false))
  },
  Maker("adagrad") {
    .adagrad(
      learningRateDecay: $0.get("learningRateDecay", .nonnegativeNumber, or: 0),
      initialAccumulator: $0.get("initialAccumulator", .nonnegativeNumber, or: 0),
      epsilon: $0.get("epsilon", .nonnegativeNumber, or: 1e-10))
  },
  Maker("lion") {
    .lion(beta1: $0.get("beta1", .share, or: 0.9), beta2: $0.get("beta2", .share, or: 0.99))
  },
]
