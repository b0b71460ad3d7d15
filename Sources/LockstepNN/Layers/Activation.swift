public import LockstepCore

/// A function applied to every element, or along an axis (`softmax`, `logSoftmax`).
public enum Activation: Hashable, Sendable {
  /// x.
  case identity
  /// max(x, 0).
  case relu
  /// min(max(x, 0), 6). Source: Howard et al., "MobileNets", 2017.
  case relu6
  /// x, or slope · x below zero.
  case leakyReLU(slope: Double = 0.01)
  /// x, or α(eˣ − 1) below zero.
  case elu(alpha: Double = 1)
  /// x · Φ(x), Φ being the normal distribution function, or an approximation of it.
  case gelu(approximate: GELUApproximation = .none)
  /// x / (1 + e⁻ˣ), also called swish.
  case silu
  /// x · ``hardSigmoid``: ``silu`` in straight pieces. Source: Howard et al., "MobileNetV3", ICCV 2019.
  case hardSwish
  /// log(1 + eˣ).
  case softplus
  /// The hyperbolic tangent.
  case tanh
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// min(max(x + 3, 0), 6) / 6: ``sigmoid`` in straight pieces, as PyTorch has it.
  case hardSigmoid
  /// eˣ / Σ eˣ along an axis of the batch: 1 is the first of an example, −1 the last.
  case softmax(axis: Int = -1)
  /// The logarithm of ``softmax(axis:)``.
  case logSoftmax(axis: Int = -1)

  /// The function's values.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .relu: x.relu()
    case .relu6: x.relu6()
    case .leakyReLU(let slope): x.leakyReLU(slope: slope)
    case .elu(let alpha): x.elu(alpha: alpha)
    case .gelu(.none): x.gelu()
    case .gelu(.tanh): x.tanhGELU()
    case .silu: x.silu()
    case .hardSwish: x.hardSwish()
    case .softplus: x.softplus()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .hardSigmoid: x.hardSigmoid()
    case .softmax(let axis): x.softmax(axis: axis)
    case .logSoftmax(let axis): x.logSoftmax(axis: axis)
    }
  }
}

/// How ``Activation/gelu(approximate:)`` is computed; PyTorch's names.
public enum GELUApproximation: String, Hashable, Sendable, CaseIterable {
  /// By the error function.
  case none
  /// x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), within 5e-4 of it.
  /// Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
  case tanh
}

extension Activation: CustomStringConvertible {
  /// The name, as model files have it.
  public var name: String {
    switch self {
    case .identity: "identity"
    case .relu: "relu"
    case .relu6: "relu6"
    case .leakyReLU: "leakyReLU"
    case .elu: "elu"
    case .gelu: "gelu"
    case .silu: "silu"
    case .hardSwish: "hardSwish"
    case .softplus: "softplus"
    case .tanh: "tanh"
    case .sigmoid: "sigmoid"
    case .hardSigmoid: "hardSigmoid"
    case .softmax: "softmax"
    case .logSoftmax: "logSoftmax"
    }
  }

  /// The function as it would be written: the name, and what differs from the defaults.
  public var description: String { options.map { "\(name)(\($0))" } ?? name }

  /// What differs from the defaults; nil if nothing does.
  var options: String? {
    switch self {
    case .leakyReLU(let slope) where slope != 0.01: "slope: \(slope)"
    case .elu(let alpha) where alpha != 1: "alpha: \(alpha)"
    case .gelu(let approximate) where approximate != .none: "approximate: \(approximate)"
    case .softmax(let axis) where axis != -1, .logSoftmax(let axis) where axis != -1: "axis: \(axis)"
    default: nil
    }
  }
}

extension Activation {
  /// Why the function can't be applied to examples of a shape, or nil if it can.
  func problem(for example: Shape) -> String? {
    switch self {
    case .leakyReLU(let slope) where !slope.isFinite: "the slope must be a number, not \(slope)"
    case .elu(let alpha) where !alpha.isFinite: "alpha must be a number, not \(alpha)"
    case .softmax(let axis), .logSoftmax(let axis):
      problem(with: axis, of: example)
    default: nil
    }
  }

  private func problem(with axis: Int, of example: Shape) -> String? {
    let rank = example.rank + 1
    let position = axis < 0 ? axis + rank : axis
    // A batch of single numbers has no other axis.
    if position == 0, rank > 1 { return "axis \(axis) is the batch; examples have the axes 1 to \(rank - 1)" }
    return (0..<rank).contains(position) ? nil : "examples \(example) have no axis \(axis)"
  }
}
