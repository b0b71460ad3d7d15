public import LockstepCore

/// Adam, or with decoupled weight decay AdamW, as PyTorch's `Adam` and `AdamW` define them: steps along the mean
/// gradient over the root of the mean squared gradient, see ``/LockstepCore/AdamStep``. With AMSGrad the largest
/// mean square so far divides instead of the present one.
///
/// Sources: Kingma and Ba, ICLR 2015; Loshchilov and Hutter, ICLR 2019; Reddi, Kale and Kumar, ICLR 2018.
public struct Adam: OptimizerRule {
  /// The size of a step where gradients agree with each other.
  public var learningRate: Double
  /// The share of the mean gradient that is kept from step to step.
  public var beta1: Double
  /// The share of the mean squared gradient that is kept from step to step.
  public var beta2: Double
  /// What is added to the root that divides.
  public var epsilon: Double
  /// The share of the parameter that is added to its gradient or, decoupled, learningRate times of which is taken
  /// off the parameter.
  public var weightDecay: Double
  /// Whether weight decay goes past the gradient: AdamW.
  public var decouplesWeightDecay: Bool
  /// Whether the largest mean square so far divides.
  public var amsgrad: Bool

  /// Creates a rule. Traps on a negative number, and on a share of 1 or more.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, decouplesWeightDecay: Bool = false, amsgrad: Bool = false
  ) {
    guard learningRate >= 0, (0..<1).contains(beta1), (0..<1).contains(beta2), epsilon >= 0, weightDecay >= 0
    else {
      trap(
        "Adam can't have learning rate \(learningRate), beta1 \(beta1), beta2 \(beta2), epsilon \(epsilon), "
          + "weight decay \(weightDecay)")
    }
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decouplesWeightDecay = decouplesWeightDecay
    self.amsgrad = amsgrad
  }

  /// β₁.
  public var momentumShare: Double? {
    get { beta1 }
    set { beta1 = newValue ?? beta1 }
  }

  /// Zeros: mean gradient, mean square and, for AMSGrad, the largest mean square.
  public func initialState(for parameter: Tensor) -> [Tensor] {
    (0..<(amsgrad ? 3 : 2)).map { _ in parameter.zerosAlike() }
  }

  /// Moves the parameter and its state by a step; in one pass but for AMSGrad.
  public func step(_ parameter: inout Tensor, gradient: Tensor, state: inout [Tensor], number: Int) {
    let step = AdamStep(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      decouplesWeightDecay: decouplesWeightDecay, step: number)
    if amsgrad {
      (parameter, state) = amsgradStep(step, parameter, gradient, state)
    } else {
      Tensor.update(&parameter, &state, by: .adam(step), gradient: gradient)
    }
  }

  private func amsgradStep(
    _ step: AdamStep, _ parameter: Tensor, _ gradient: Tensor, _ state: [Tensor]
  ) -> (parameter: Tensor, state: [Tensor]) {
    let slope = gradient.decayed(by: step.coupledDecay, of: parameter)
    let mean = state[0].moved(to: slope, keeping: beta1)
    let square = state[1] * beta2 + slope.squared() * (1 - beta2)
    let largest = state[2].maximum(square)
    let denominator = largest.sqrt() / step.rootCorrection + epsilon
    let kept = step.shrinkage == 1 ? parameter : parameter * step.shrinkage
    return (kept - mean / denominator * step.stepSize, [mean, square, largest])
  }
}
