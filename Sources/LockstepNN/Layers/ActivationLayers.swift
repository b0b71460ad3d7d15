public import LockstepCore

/// An activation as a layer of its own; `ReLU()` is short for `ActivationLayer(.relu)`, and so on.
public class ActivationLayer: Layer {
  /// The function.
  public let activation: Activation

  /// Creates a layer that applies a function.
  public init(_ activation: Activation) { self.activation = activation }

  /// The shape stays.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape { input }

  /// The function's values.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor { activation(x) }

  /// The layer as it would be written.
  public var description: String {
    type(of: self) == ActivationLayer.self ? "ActivationLayer(\(activation))" : "\(type(of: self))"
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

/// x, or 0.01 · x below zero.
public final class LeakyReLU: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.leakyReLU) }
}

/// x, or eˣ − 1 below zero.
public final class ELU: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.elu) }
}

/// x · Φ(x), Φ being the normal distribution function.
public final class GELU: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.gelu) }
}

/// x / (1 + e⁻ˣ), also called swish.
public final class SiLU: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.silu) }
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

/// eˣ / Σ eˣ over the last dimension. Not before ``softmaxCrossEntropy(_:_:labelSmoothing:file:line:)``, which
/// takes logits.
public final class Softmax: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.softmax) }
}

/// The logarithm of ``Softmax``, computed without its quotient.
public final class LogSoftmax: ActivationLayer {
  /// Creates a layer.
  public init() { super.init(.logSoftmax) }
}
