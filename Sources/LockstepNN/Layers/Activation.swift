public import LockstepCore

/// A function applied to every element, or to every row (`softmax`, `logSoftmax`).
public enum Activation: String, Hashable, Sendable, CaseIterable {
  /// x.
  case identity
  /// max(x, 0).
  case relu
  /// x, or 0.01 · x below zero.
  case leakyReLU
  /// x, or eˣ − 1 below zero.
  case elu
  /// x · Φ(x), Φ being the normal distribution function.
  case gelu
  /// x / (1 + e⁻ˣ), also called swish.
  case silu
  /// log(1 + eˣ).
  case softplus
  /// The hyperbolic tangent.
  case tanh
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// eˣ / Σ eˣ over the last dimension.
  case softmax
  /// The logarithm of ``softmax``.
  case logSoftmax

  /// The function's values.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .relu: x.relu()
    case .leakyReLU: x.leakyReLU()
    case .elu: x.elu()
    case .gelu: x.gelu()
    case .silu: x.silu()
    case .softplus: x.softplus()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .softmax: x.softmax()
    case .logSoftmax: x.logSoftmax()
    }
  }
}
