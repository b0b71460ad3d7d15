public import LockstepCore

/// Every channel `[batch, .., channels]` moved to mean 0 and variance 1, then scaled and offset by what is learnt.
///
/// Training takes mean and variance from the batch, and keeps running ones: `new = (1 − momentum) · old +
/// momentum · batch`, the variance of the batch divided by the count less one. Prediction takes those. They are
/// saved with the weights, and no optimizer moves them. With one number a channel the variance is 0.
///
/// Source: Ioffe and Szegedy, ICML 2015; conventions and defaults are PyTorch's (Keras calls momentum what is left
/// of the old value).
public final class BatchNorm: Layer {
  /// The share of the batch in the running statistics.
  public let momentum: Double
  /// What is added to a variance before its root divides.
  public let epsilon: Double
  /// What is applied to the result; a ReLU in the same pass over memory.
  public let activation: Activation

  /// `[channels]`, once built; ones at first.
  public private(set) var scale: Parameter?
  /// `[channels]`, once built; zeros at first.
  public private(set) var offset: Parameter?
  /// `[channels]`, once built: what prediction takes for the mean.
  public private(set) var runningMean: Parameter?
  /// `[channels]`, once built: what prediction takes for the variance.
  public private(set) var runningVariance: Parameter?

  /// Creates a layer.
  public init(momentum: Double = 0.1, epsilon: Double = 1e-5, activation: Activation = .identity) {
    self.momentum = momentum
    self.epsilon = epsilon
    self.activation = activation
  }

  /// The shape stays.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    guard (0...1).contains(momentum) else {
      throw misfit("the momentum must be at least 0 and at most 1, not \(momentum)")
    }
    guard epsilon > 0, epsilon.isFinite else {
      throw misfit("epsilon must be a number above 0, not \(epsilon)")
    }
    guard input.rank >= 1, input.rank < Shape.maximumRank else {
      throw misfit("needs examples [.., channels], not \(input)")
    }
    try requireFit(of: activation, input)
    let channels: Shape = [input[-1]]
    scale = parameter(scale, channels, .ones)
    offset = parameter(offset, channels, .zeros)
    runningMean = parameter(runningMean, channels, .zeros, isTrainable: false)
    runningVariance = parameter(runningVariance, channels, .ones, isTrainable: false)
    return input
  }

  /// The shape stays. In training the running statistics move, unless they are frozen.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    let attributes = BatchNormalization(epsilon: epsilon, relu: activation == .relu)
    let (scale, offset) = (value(of: scale), value(of: offset))
    let (oldMean, oldVariance) = (value(of: runningMean), value(of: runningVariance))
    let result: Tensor
    if context.isTraining, runningMean?.isFrozen != true {
      let (y, mean, variance) = x.batchNorm(scale: scale, offset: offset, attributes)
      let rows = mean.count == 0 ? 0 : x.count / mean.count
      if rows > 0 {
        let correction = Double(rows) / Double(max(1, rows - 1))
        runningMean?.value = moved(oldMean, to: mean.detached(), weight: momentum)
        runningVariance?.value = moved(oldVariance, to: variance.detached(), weight: momentum * correction)
      }
      result = y
    } else {
      result = x.batchNorm(
        scale: scale, offset: offset, mean: oldMean, variance: oldVariance, attributes)
    }
    return attributes.relu ? result : activation(result)
  }

  private func moved(_ old: Tensor, to batch: Tensor, weight: Double) -> Tensor {
    old * (1 - momentum) + batch * weight
  }

  /// The layer as it would be written.
  public var description: String {
    var arguments: [String] = []
    if momentum != 0.1 { arguments.append("momentum: \(momentum)") }
    if epsilon != 1e-5 { arguments.append("epsilon: \(epsilon)") }
    if activation != .identity { arguments.append("\(activation)") }
    return arguments.isEmpty ? "BatchNorm" : "BatchNorm(\(arguments.joined(separator: ", ")))"
  }
}
