public import LockstepCore

/// How gradients that are too large are made smaller before a step.
public struct GradientClipping: Hashable, Sendable, Codable {
  /// The most that all gradients together may have for a Euclidean norm.
  public var norm: Double?
  /// The most an element may be away from 0.
  public var value: Double?

  /// Creates a clipping; without arguments nothing is clipped.
  public init(norm: Double? = nil, value: Double? = nil) {
    self.norm = norm
    self.value = value
  }

  /// The first number that makes no sense, in one line; nil if all do.
  public var problem: String? {
    for (name, limit) in [("norm", norm), ("value", value)] {
      if let limit, !(limit > 0 && limit.isFinite) {
        return "gradients can be clipped to a \(name) above 0, not \(limit)"
      }
    }
    return nil
  }
}

extension Gradients {
  /// The gradients after clipping: by value first, then by norm.
  ///
  /// - Parameter norm: the ``globalNorm()``, where it is known already.
  public func clipped(_ clipping: GradientClipping, norm: Tensor? = nil) -> Gradients {
    var (result, known) = (self, norm)
    if let limit = clipping.value { (result, known) = (result.clipped(toValue: limit), nil) }
    if let limit = clipping.norm { result = result.clipped(toNorm: limit, norm: known) }
    return result
  }

  /// The gradients, shortened together so that their norm is at most `limit`, as PyTorch's `clip_grad_norm_`
  /// defines it: times min(1, limit / (norm + 10⁻⁶)).
  ///
  /// - Parameter norm: the ``globalNorm()``, where it is known already.
  public func clipped(toNorm limit: Double, norm: Tensor? = nil) -> Gradients {
    let norm = norm ?? globalNorm()
    let factor = (limit / (norm + 1e-6)).minimum(.full(Shape(), 1, dtype: norm.dtype, on: norm.device))
    return mapped { $0 * (factor.dtype == $0.dtype ? factor : factor.asType($0.dtype)) }
  }

  /// The gradients with every element brought to −limit…limit, as PyTorch's `clip_grad_value_` does.
  public func clipped(toValue limit: Double) -> Gradients {
    mapped { $0.clamped(to: -limit...limit) }
  }

  /// The sums with the gradients of another batch at the same parameters.
  public static func + (lhs: Gradients, rhs: Gradients) -> Gradients {
    trap(unless: lhs.names == rhs.names, "gradients of different parameters can't be added")
    return Gradients(names: lhs.names, tensors: zip(lhs.tensors, rhs.tensors).map { $0 + $1 })
  }

  private func mapped(_ transform: (Tensor) -> Tensor) -> Gradients {
    Gradients(names: names, tensors: tensors.map(transform))
  }
}
