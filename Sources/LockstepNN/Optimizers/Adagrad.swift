public import LockstepCore

/// Adagrad as PyTorch's `Adagrad` defines it: `g ← gradient + weightDecay · p`, `s ← s + g²`,
/// `p ← p − learningRate / (1 + (t − 1) · learningRateDecay) · g / (√s + ε)` in step t.
///
/// Source: Duchi, Hazan and Singer, JMLR 2011.
public struct Adagrad: OptimizerRule {
  /// The size of the first step.
  public var learningRate: Double
  /// How fast steps become shorter, besides the sum of squares.
  public var learningRateDecay: Double
  /// The share of the parameter that is added to its gradient.
  public var weightDecay: Double
  /// The sum of squares before the first step.
  public var initialAccumulator: Double
  /// ε, what is added to the root that divides.
  public var epsilon: Double

  /// Creates a rule. Traps on a negative number.
  public init(
    learningRate: Double = 0.01, learningRateDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulator: Double = 0, epsilon: Double = 1e-10
  ) {
    guard learningRate >= 0, learningRateDecay >= 0, weightDecay >= 0, initialAccumulator >= 0, epsilon >= 0
    else {
      trap(
        "Adagrad can't have learning rate \(learningRate), learning rate decay \(learningRateDecay), "
          + "weight decay \(weightDecay), initial accumulator \(initialAccumulator), epsilon \(epsilon)")
    }
    self.learningRate = learningRate
    self.learningRateDecay = learningRateDecay
    self.weightDecay = weightDecay
    self.initialAccumulator = initialAccumulator
    self.epsilon = epsilon
  }

  /// The sum of squares.
  public func initialState(for parameter: Tensor) -> [Tensor] {
    [.full(parameter.shape, initialAccumulator, dtype: parameter.dtype, on: parameter.device)]
  }

  /// Moves the parameter and its state by a step.
  public func step(_ parameter: inout Tensor, gradient: Tensor, state: inout [Tensor], number: Int) {
    let slope = gradient.decayed(by: weightDecay, of: parameter)
    let sum = state[0] + slope.squared()
    let rate = learningRate / (1 + Double(number - 1) * learningRateDecay)
    parameter = parameter - slope / (sum.sqrt() + epsilon) * rate
    state = [sum]
  }
}
