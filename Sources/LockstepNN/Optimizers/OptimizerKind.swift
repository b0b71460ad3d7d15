/// Which rule moves the parameters, with the numbers that are its own.
public enum OptimizerKind: Hashable, Sendable, Codable {
  /// ``SGD``; momentum and Nesterov's variant are settings of the training.
  case sgd
  /// ``Adam``.
  case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, amsgrad: Bool = false)
  /// ``Adam`` with decoupled weight decay.
  case adamW(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, amsgrad: Bool = false)
  /// ``RMSprop``.
  case rmsProp(alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, centered: Bool = false)
  /// ``Adagrad``.
  case adagrad(learningRateDecay: Double = 0, initialAccumulator: Double = 0, epsilon: Double = 1e-10)
  /// ``Lion``.
  case lion(beta1: Double = 0.9, beta2: Double = 0.99)

  /// The rule.
  ///
  /// - Parameters:
  ///   - momentum: of ``SGD``, as is `nesterov`; the others have numbers of their own.
  public func rule(
    learningRate: Double, weightDecay: Double, momentum: Double, nesterov: Bool
  ) -> any OptimizerRule {
    switch self {
    case .sgd:
      SGD(learningRate: learningRate, momentum: momentum, weightDecay: weightDecay, nesterov: nesterov)
    case .adam(let beta1, let beta2, let epsilon, let amsgrad):
      Adam(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        amsgrad: amsgrad)
    case .adamW(let beta1, let beta2, let epsilon, let amsgrad):
      Adam(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        decouplesWeightDecay: true, amsgrad: amsgrad)
    case .rmsProp(let alpha, let epsilon, let momentum, let centered):
      RMSprop(
        learningRate: learningRate, alpha: alpha, epsilon: epsilon, momentum: momentum,
        weightDecay: weightDecay, centered: centered)
    case .adagrad(let decay, let initial, let epsilon):
      Adagrad(
        learningRate: learningRate, learningRateDecay: decay, weightDecay: weightDecay,
        initialAccumulator: initial, epsilon: epsilon)
    case .lion(let beta1, let beta2):
      Lion(learningRate: learningRate, beta1: beta1, beta2: beta2, weightDecay: weightDecay)
    }
  }

  /// The name model files and options use.
  public var name: String {
    switch self {
    case .sgd: "sgd"
    case .adam: "adam"
    case .adamW: "adamw"
    case .rmsProp: "rmsprop"
    case .adagrad: "adagrad"
    case .lion: "lion"
    }
  }

  /// The learning rate where none is given: PyTorch's default, of Lion its authors', of SGD, where PyTorch has no
  /// better one than 0.001, what suits a small convolutional net.
  public var standardLearningRate: Double {
    switch self {
    case .sgd: 0.05
    case .adam, .adamW: 0.001
    case .rmsProp, .adagrad: 0.01
    case .lion: 1e-4
    }
  }

  /// The weight decay where none is given: PyTorch's default.
  public var standardWeightDecay: Double {
    if case .adamW = self { return 0.01 }
    return 0
  }

  /// The first number that makes no sense, in one line; nil if all do.
  public var problem: String? {
    func share(_ name: String, _ value: Double) -> String? {
      (0..<1).contains(value) ? nil : "\(name) of \(self.name) must be at least 0 and below 1, not \(value)"
    }
    func size(_ name: String, _ value: Double) -> String? {
      value >= 0 && value.isFinite
        ? nil : "\(name) of \(self.name) must be a number of at least 0, not \(value)"
    }
    switch self {
    case .sgd: return nil
    case .adam(let beta1, let beta2, let epsilon, _), .adamW(let beta1, let beta2, let epsilon, _):
      return share("beta1", beta1) ?? share("beta2", beta2) ?? size("epsilon", epsilon)
    case .rmsProp(let alpha, let epsilon, let momentum, _):
      return share("alpha", alpha) ?? size("epsilon", epsilon) ?? share("momentum", momentum)
    case .adagrad(let decay, let initial, let epsilon):
      return size("learningRateDecay", decay) ?? size("initialAccumulator", initial)
        ?? size("epsilon", epsilon)
    case .lion(let beta1, let beta2): return share("beta1", beta1) ?? share("beta2", beta2)
    }
  }
}
