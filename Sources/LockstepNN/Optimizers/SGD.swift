public import LockstepCore

/// Stochastic gradient descent with momentum, Nesterov's or classical, and L2 weight decay, as PyTorch's `SGD`
/// defines them: `g ← gradient + weightDecay · p`, `v ← momentum · v + g`,
/// `p ← p − learningRate · (nesterov ? g + momentum · v : v)`.
///
/// Sources: Polyak 1964; Nesterov 1983; Sutskever et al., ICML 2013.
public struct SGD: OptimizerRule {
  /// The size of a step.
  public var learningRate: Double
  /// The share of the last step's velocity that is kept.
  public var momentum: Double
  /// The share of the parameter that is added to its gradient.
  public var weightDecay: Double
  /// Whether the gradient is taken to be that after the momentum's step.
  public var nesterov: Bool

  /// Creates a rule. Traps on a negative number, and on Nesterov's momentum without momentum.
  public init(learningRate: Double, momentum: Double = 0, weightDecay: Double = 0, nesterov: Bool = false) {
    guard learningRate >= 0, momentum >= 0, weightDecay >= 0, !nesterov || momentum > 0 else {
      trap(
        "SGD can't have learning rate \(learningRate), momentum \(momentum), weight decay \(weightDecay), "
          + "nesterov \(nesterov)")
    }
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.nesterov = nesterov
  }

  /// The momentum.
  public var momentumShare: Double? {
    get { momentum }
    set { momentum = newValue ?? momentum }
  }

  /// A velocity of zeros.
  public func initialState(for parameter: Tensor) -> [Tensor] {
    [parameter.zerosAlike()]
  }

  /// Moves the parameter and its velocity by a step, in one pass.
  public func step(_ parameter: inout Tensor, gradient: Tensor, state: inout [Tensor], number: Int) {
    let step = SGDStep(
      learningRate: learningRate, momentum: momentum, weightDecay: weightDecay, nesterov: nesterov)
    Tensor.update(&parameter, &state, by: .sgd(step), gradient: gradient)
  }
}
