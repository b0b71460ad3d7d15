// Functions of each element; their definitions are those of UnaryFunction.
extension Tensor {
  /// The absolute value.
  public func abs() -> Tensor { .applied(.unary(.absolute), self) }
  /// x².
  public func squared() -> Tensor { .applied(.unary(.square), self) }
  /// −1, 0 or 1.
  public func sign() -> Tensor { .applied(.unary(.sign), self) }
  /// eˣ.
  public func exp() -> Tensor { .applied(.unary(.exp), self) }
  /// eˣ − 1, exact for small x.
  public func expm1() -> Tensor { .applied(.unary(.expm1), self) }
  /// The natural logarithm.
  public func log() -> Tensor { .applied(.unary(.log), self) }
  /// log(1 + x), exact for small x.
  public func log1p() -> Tensor { .applied(.unary(.log1p), self) }
  /// The square root.
  public func sqrt() -> Tensor { .applied(.unary(.sqrt), self) }
  /// 1 / √x.
  public func rsqrt() -> Tensor { .applied(.unary(.rsqrt), self) }
  /// 1 / x.
  public func reciprocal() -> Tensor { .applied(.unary(.reciprocal), self) }
  /// The hyperbolic tangent.
  public func tanh() -> Tensor { .applied(.unary(.tanh), self) }
  /// The error function.
  public func erf() -> Tensor { .applied(.unary(.erf), self) }
  /// The sine of an angle in radians.
  public func sin() -> Tensor { .applied(.unary(.sin), self) }
  /// The cosine of an angle in radians.
  public func cos() -> Tensor { .applied(.unary(.cos), self) }
  /// The next lower integer.
  public func floor() -> Tensor { .applied(.unary(.floor), self) }
  /// The next higher integer.
  public func ceil() -> Tensor { .applied(.unary(.ceil), self) }
  /// The nearest integer, halves to the even one.
  public func rounded() -> Tensor { .applied(.unary(.round), self) }

  /// max(x, 0).
  public func relu() -> Tensor { .applied(.unary(.relu), self) }
  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Tensor { .applied(.unary(.sigmoid), self) }
  /// log(1 + eˣ).
  public func softplus() -> Tensor { .applied(.unary(.softplus), self) }
  /// x where x > 0, else slope · x.
  public func leakyReLU(slope: Double = 0.01) -> Tensor { .select(self > 0, self, self * slope) }
  /// x where x > 0, else α(eˣ − 1).
  public func elu(alpha: Double = 1) -> Tensor {
    // The exponential is taken of the negative part alone, so that no infinity reaches the gradient; and not
    // by minimum(_:), which would give 0 half of its gradient.
    let isPositive = self > 0
    return .select(isPositive, self, Tensor.select(isPositive, like(0), self).expm1() * alpha)
  }
  /// x · sigmoid(x), also called swish.
  public func silu() -> Tensor { self * sigmoid() }
  /// x · Φ(x), Φ being the normal distribution function (the exact form, not the tanh approximation).
  public func gelu() -> Tensor { self * 0.5 * ((self * 0.5.squareRoot()).erf() + 1) }
  /// ``gelu()`` by x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).
  public func tanhGELU() -> Tensor {
    // Beyond ±16 the tangent is ±1 to the last bit, where the cube would overflow.
    let x = clamped(to: -16.0...16)
    let inner = (x + x.squared() * x * 0.044715) * 0.7978845608028654  // √(2 / π)
    return self * 0.5 * (inner.tanh() + 1)
  }
  /// min(max(x, 0), 6); no gradient at either bound, as in PyTorch.
  public func relu6() -> Tensor { .select(self >= 6, like(6), relu()) }
  /// min(max(x + 3, 0), 6) / 6.
  public func hardSigmoid() -> Tensor { (self + 3).relu6() / 6 }
  /// x · min(max(x + 3, 0), 6) / 6.
  public func hardSwish() -> Tensor { self * hardSigmoid() }

  /// eˣ / Σ eˣ over an axis, with the maximum subtracted first.
  public func softmax(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    overLastAxis(.softmax, axis, file, line)
  }

  /// log of ``softmax(axis:file:line:)`` without the loss of digits of computing it that way.
  public func logSoftmax(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    overLastAxis(.logSoftmax, axis, file, line)
  }

  private func overLastAxis(
    _ operation: Operation, _ axis: Int, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let position = positive(axis)
    guard rank > 0, position != rank - 1 else {
      return .applied(operation, self, file: file, line: line)
    }
    trap(
      unless: (0..<rank).contains(position), "\(operation.name): \(shape) has no axis \(axis)", file: file,
      line: line
    )
    var permutation = Array(0..<rank)
    permutation.swapAt(position, rank - 1)
    return Tensor.applied(operation, transposed(permutation), file: file, line: line).transposed(permutation)
  }
}
