public import LockstepCore

/// RMSprop as PyTorch's `RMSprop` defines it: `g ← gradient + weightDecay · p`, `s ← α · s + (1 − α) · g²`,
/// `b ← momentum · b + g / (√s + ε)`, `p ← p − learningRate · b`. Centred, the square of the mean gradient is taken
/// off `s` under the root.
///
/// Sources: Tieleman and Hinton, Coursera lecture 6.5, 2012; centred: Graves, arXiv 1308.0850.
public struct RMSprop: OptimizerRule {
  /// The size of a step.
  public var learningRate: Double
  /// α, the share of the mean squared gradient that is kept from step to step.
  public var alpha: Double
  /// ε, what is added to the root that divides.
  public var epsilon: Double
  /// The share of the last step that is kept.
  public var momentum: Double
  /// The share of the parameter that is added to its gradient.
  public var weightDecay: Double
  /// Whether the variance of the gradient divides, instead of its mean square.
  public var centered: Bool

  /// Creates a rule. Traps on a negative number, and on α of 1 or more.
  public init(
    learningRate: Double = 0.01, alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
    weightDecay: Double = 0, centered: Bool = false
  ) {
    guard learningRate >= 0, (0..<1).contains(alpha), epsilon >= 0, momentum >= 0, weightDecay >= 0 else {
      trap(
        "RMSprop can't have learning rate \(learningRate), alpha \(alpha), epsilon \(epsilon), "
          + "momentum \(momentum), weight decay \(weightDecay)")
    }
    self.learningRate = learningRate
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.centered = centered
  }

  /// The momentum.
  public var momentumShare: Double? {
    get { momentum }
    set { momentum = newValue ?? momentum }
  }

  /// Zeros: mean square, last step and, if centred, mean gradient. The last step is kept without momentum too, so
  /// that a schedule may begin to use it.
  public func initialState(for parameter: Tensor) -> [Tensor] {
    [Tensor](repeating: parameter.zerosAlike(), count: centered ? 3 : 2)
  }

  /// Moves the parameter and its state by a step.
  public func step(_ parameter: inout Tensor, gradient: Tensor, state: inout [Tensor], number: Int) {
    let slope = gradient.decayed(by: weightDecay, of: parameter)
    let square = state[0] * alpha + slope.squared() * (1 - alpha)
    var variance = square
    var mean: [Tensor] = []
    if centered {
      mean = [state[2].moved(to: slope, keeping: alpha)]
      variance = square - mean[0].squared()
    }
    let scaled = slope / (variance.sqrt() + epsilon)
    let step = momentum == 0 ? scaled : state[1] * momentum + scaled
    parameter = parameter - step * learningRate
    state = [square, step] + mean
  }
}
