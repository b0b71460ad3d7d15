public import LockstepCore

/// An activation as a layer of its own; `ReLU()` is short for `ActivationLayer(.relu)`, and so on.
public class ActivationLayer: Layer {
  /// The function.
  public let activation: Activation

  /// Creates a layer that applies a function.
  public init(_ activation: Activation) { self.activation = activation }

  /// The shape stays.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    try requireFit(of: activation, input)
    return input
  }

  /// The function's values.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor { activation(x) }

  /// The layer as it would be written.
  public var description: String {
    guard type(of: self) != ActivationLayer.self else { return "ActivationLayer(\(activation))" }
    return "\(type(of: self))" + (activation.options.map { "(\($0))" } ?? "")
  }
}

/// Nothing is done.
public final class Identity: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.identity) }
}

/// max(x, 0).
public final class ReLU: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.relu) }
}

/// min(max(x, 0), 6).
public final class ReLU6: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.relu6) }
}

/// x, or slope · x below zero.
public final class LeakyReLU: ActivationLayer {
  /// Creates a layer; the slope is PyTorch's `negative_slope`.
  public init(slope: Double = 0.01) { super.init(.leakyReLU(slope: slope)) }
}

/// x, or α(eˣ − 1) below zero.
public final class ELU: ActivationLayer {
  /// Creates a layer.
  public init(alpha: Double = 1) { super.init(.elu(alpha: alpha)) }
}

/// x · Φ(x), Φ being the normal distribution function.
public final class GELU: ActivationLayer {
  /// Creates a layer; exact, or with the approximation that some published models were trained with.
  public init(approximate: GELUApproximation = .none) { super.init(.gelu(approximate: approximate)) }
}

/// x / (1 + e⁻ˣ), also called swish.
public final class SiLU: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.silu) }
}

/// x · min(max(x + 3, 0), 6) / 6.
public final class HardSwish: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.hardSwish) }
}

/// log(1 + eˣ).
public final class Softplus: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.softplus) }
}

/// The hyperbolic tangent.
public final class Tanh: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.tanh) }
}

/// 1 / (1 + e⁻ˣ).
public final class Sigmoid: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.sigmoid) }
}

/// min(max(x + 3, 0), 6) / 6.
public final class HardSigmoid: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.hardSigmoid) }
}

/// eˣ / Σ eˣ along an axis. Not before ``softmaxCrossEntropy(_:_:labelSmoothing:file:line:)``, which takes logits.
public final class Softmax: ActivationLayer {
  /// Creates a layer; axis 0 is the batch, −1 the last, which are channels.
  public init(axis: Int = -1) { super.init(.softmax(axis: axis)) }
}

/// The logarithm of ``Softmax``, computed without its quotient.
public final class LogSoftmax: ActivationLayer {
  /// Creates a layer; axis 0 is the batch, −1 the last, which are channels.
  public init(axis: Int = -1) { super.init(.logSoftmax(axis: axis)) }
}
