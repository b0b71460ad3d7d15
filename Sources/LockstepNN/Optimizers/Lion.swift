public import LockstepCore

/// Lion: every element moves by the learning rate, only the direction is learnt.
/// `p ← (1 − learningRate · weightDecay) · p − learningRate · sign(β₁ · m + (1 − β₁) · g)`, then
/// `m ← β₂ · m + (1 − β₂) · g`. Rates are usually a third to a tenth of Adam's, weight decays as much larger.
///
/// Source: Chen et al., "Symbolic Discovery of Optimization Algorithms", NeurIPS 2023, algorithm 2.
public struct Lion: OptimizerRule {
  /// The size of a step, of every element.
  public var learningRate: Double
  /// β₁, the share of the mean gradient in the direction of a step.
  public var beta1: Double
  /// β₂, the share of the mean gradient that is kept from step to step.
  public var beta2: Double
  /// learningRate times this share of the parameter is taken off it.
  public var weightDecay: Double

  /// Creates a rule. Traps on a negative number, and on a share of 1 or more.
  public init(
    learningRate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0
  ) {
    guard learningRate >= 0, (0..<1).contains(beta1), (0..<1).contains(beta2), weightDecay >= 0 else {
      trap(
        "Lion can't have learning rate \(learningRate), beta1 \(beta1), beta2 \(beta2), "
          + "weight decay \(weightDecay)")
    }
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.weightDecay = weightDecay
  }

  /// β₁.
  public var momentumShare: Double? {
    get { beta1 }
    set { beta1 = newValue ?? beta1 }
  }

  /// A mean gradient of zeros.
  public func initialState(for parameter: Tensor) -> [Tensor] { [parameter.zerosAlike()] }

  /// Moves the parameter and its state by a step.
  public func step(_ parameter: inout Tensor, gradient: Tensor, state: inout [Tensor], number: Int) {
    let direction = (state[0] * beta1 + gradient * (1 - beta1)).sign()
    let kept = weightDecay == 0 ? parameter : parameter * (1 - learningRate * weightDecay)
    parameter = kept - direction * learningRate
    state = [state[0] * beta2 + gradient * (1 - beta2)]
  }
}
