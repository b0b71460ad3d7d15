// Operators broadcast by NumPy's rule. Two tensors must have the same dtype; a Swift number takes the tensor's.
extension Tensor {
  /// The sum, element by element.
  public static func + (lhs: Tensor, rhs: Tensor) -> Tensor { .applied(.binary(.add), lhs, rhs) }
  /// The difference, element by element.
  public static func - (lhs: Tensor, rhs: Tensor) -> Tensor { .applied(.binary(.subtract), lhs, rhs) }
  /// The product, element by element.
  public static func * (lhs: Tensor, rhs: Tensor) -> Tensor { .applied(.binary(.multiply), lhs, rhs) }
  /// The quotient, element by element.
  public static func / (lhs: Tensor, rhs: Tensor) -> Tensor { .applied(.binary(.divide), lhs, rhs) }
  /// The negative of each element.
  public static prefix func - (x: Tensor) -> Tensor { .applied(.unary(.negate), x) }

  /// The sum with a number.
  public static func + <S: TensorElement>(lhs: Tensor, rhs: S) -> Tensor { lhs + lhs.like(rhs) }
  /// Each element less a number.
  public static func - <S: TensorElement>(lhs: Tensor, rhs: S) -> Tensor { lhs - lhs.like(rhs) }
  /// The product with a number.
  public static func * <S: TensorElement>(lhs: Tensor, rhs: S) -> Tensor { lhs * lhs.like(rhs) }
  /// Each element divided by a number.
  public static func / <S: TensorElement>(lhs: Tensor, rhs: S) -> Tensor { lhs / lhs.like(rhs) }
  /// The sum with a number.
  public static func + <S: TensorElement>(lhs: S, rhs: Tensor) -> Tensor { rhs.like(lhs) + rhs }
  /// A number less each element.
  public static func - <S: TensorElement>(lhs: S, rhs: Tensor) -> Tensor { rhs.like(lhs) - rhs }
  /// The product with a number.
  public static func * <S: TensorElement>(lhs: S, rhs: Tensor) -> Tensor { rhs.like(lhs) * rhs }
  /// A number divided by each element.
  public static func / <S: TensorElement>(lhs: S, rhs: Tensor) -> Tensor { rhs.like(lhs) / rhs }

  /// The sum, element by element, put in place of the left operand.
  public static func += (lhs: inout Tensor, rhs: Tensor) { lhs = lhs + rhs }
  /// The difference, element by element, put in place of the left operand.
  public static func -= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs - rhs }
  /// The product, element by element, put in place of the left operand.
  public static func *= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs * rhs }
  /// The quotient, element by element, put in place of the left operand.
  public static func /= (lhs: inout Tensor, rhs: Tensor) { lhs = lhs / rhs }

  /// The sum with a number, put in place of the tensor.
  public static func += <S: TensorElement>(lhs: inout Tensor, rhs: S) { lhs = lhs + rhs }
  /// Each element less a number, put in place of the tensor.
  public static func -= <S: TensorElement>(lhs: inout Tensor, rhs: S) { lhs = lhs - rhs }
  /// The product with a number, put in place of the tensor.
  public static func *= <S: TensorElement>(lhs: inout Tensor, rhs: S) { lhs = lhs * rhs }
  /// Each element divided by a number, put in place of the tensor.
  public static func /= <S: TensorElement>(lhs: inout Tensor, rhs: S) { lhs = lhs / rhs }

  /// A scalar of this tensor's dtype on its device.
  func like<S: TensorElement>(_ value: S) -> Tensor {
    trap(
      unless: value.scalar.fits(dtype),
      "\(value) is no \(dtype), which the tensor is; convert it with asType(_:)")
    return Tensor(scalar: value.scalar, dtype: dtype, on: device)
  }
}

// Comparisons, element by element, give bool tensors; so does `==`, which is why Tensor is not Equatable.
extension Tensor {
  /// Where the operands are equal.
  public static func == (lhs: Tensor, rhs: Tensor) -> Tensor { .applied(.binary(.equal), lhs, rhs) }
  /// Where the operands differ.
  public static func != (lhs: Tensor, rhs: Tensor) -> Tensor { .applied(.binary(.notEqual), lhs, rhs) }
  /// Where the left operand is less.
  public static func < (lhs: Tensor, rhs: Tensor) -> Tensor { .applied(.binary(.less), lhs, rhs) }
  /// Where the left operand is less or equal.
  public static func <= (lhs: Tensor, rhs: Tensor) -> Tensor { .applied(.binary(.lessOrEqual), lhs, rhs) }
  /// Where the left operand is greater.
  public static func > (lhs: Tensor, rhs: Tensor) -> Tensor { .applied(.binary(.greater), lhs, rhs) }
  /// Where the left operand is greater or equal.
  public static func >= (lhs: Tensor, rhs: Tensor) -> Tensor { .applied(.binary(.greaterOrEqual), lhs, rhs) }

  /// Where the elements equal a number.
  public static func == <S: TensorElement>(lhs: Tensor, rhs: S) -> Tensor { lhs == lhs.like(rhs) }
  /// Where the elements differ from a number.
  public static func != <S: TensorElement>(lhs: Tensor, rhs: S) -> Tensor { lhs != lhs.like(rhs) }
  /// Where the elements are less than a number.
  public static func < <S: TensorElement>(lhs: Tensor, rhs: S) -> Tensor { lhs < lhs.like(rhs) }
  /// Where the elements are at most a number.
  public static func <= <S: TensorElement>(lhs: Tensor, rhs: S) -> Tensor { lhs <= lhs.like(rhs) }
  /// Where the elements are greater than a number.
  public static func > <S: TensorElement>(lhs: Tensor, rhs: S) -> Tensor { lhs > lhs.like(rhs) }
  /// Where the elements are at least a number.
  public static func >= <S: TensorElement>(lhs: Tensor, rhs: S) -> Tensor { lhs >= lhs.like(rhs) }

  /// Whether both are true; bool tensors only.
  public func and(_ other: Tensor) -> Tensor { .applied(.binary(.logicalAnd), self, other) }
  /// Whether either is true; bool tensors only.
  public func or(_ other: Tensor) -> Tensor { .applied(.binary(.logicalOr), self, other) }
  /// Whether it is false; bool tensors only.
  public func not() -> Tensor { .applied(.unary(.logicalNot), self) }

  /// Elements of `whenTrue` where `condition`, a bool tensor, is true, else of `whenFalse`.
  public static func select(_ condition: Tensor, _ whenTrue: Tensor, _ whenFalse: Tensor) -> Tensor {
    .applied(.select, condition, whenTrue, whenFalse)
  }
}

// Functions of two tensors.
extension Tensor {
  /// Element by element, this to the power of `exponent`.
  public func power(_ exponent: Tensor) -> Tensor { .applied(.binary(.power), self, exponent) }
  /// Element by element, this to the power of `exponent`.
  public func power<S: TensorElement>(_ exponent: S) -> Tensor { power(like(exponent)) }
  /// Element by element, the larger; NaN if either is.
  public func maximum(_ other: Tensor) -> Tensor { .applied(.binary(.maximum), self, other) }
  /// Element by element, the smaller; NaN if either is.
  public func minimum(_ other: Tensor) -> Tensor { .applied(.binary(.minimum), self, other) }
  /// Every element no less than the one bound and no more than the other; NaN stays NaN. An element that is
  /// equal to a bound gets half of its gradient.
  public func clamped<S: TensorElement & Comparable>(to bounds: ClosedRange<S>) -> Tensor {
    maximum(like(bounds.lowerBound)).minimum(like(bounds.upperBound))
  }

  /// The matrix product over the last two dimensions; the dimensions before them are batches, broadcast where
  /// they differ. Operands may be read transposed without a copy.
  ///
  /// - Parameter other: `[…, k, n]`, or `[…, n, k]` if `transposeB`; this is `[…, m, k]`, or `[…, k, m]` if
  ///   `transposeA`. The result is `[…, m, n]`.
  public func matmul(
    _ other: Tensor, transposeA: Bool = false, transposeB: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if rank > 2, other.rank == 2, !transposeA, shape[-1] == other.shape[transposeB ? 1 : 0] {
      // One matrix for all batches: the rows of all are multiplied at once, without copies of the matrix.
      let rows = reshaped(to: [shape.dimensions.dropLast().reduce(1, *), shape[-1]])
      let product = rows.matmul(other, transposeB: transposeB, file: file, line: line)
      return product.reshaped(to: Shape(shape.dimensions.dropLast() + [product.shape[1]]))
    }
    let (a, b) = Tensor.withCommonBatch(self, other)
    return .applied(
      .matmul(Matmul(transposeA: transposeA, transposeB: transposeB)), a, b, file: file, line: line)
  }

  private static func withCommonBatch(_ a: Tensor, _ b: Tensor) -> (Tensor, Tensor) {
    guard a.rank >= 2, b.rank >= 2, a.rank != b.rank || a.rank > 2,
      let batch = Shape.broadcast(
        Shape(a.shape.dimensions.dropLast(2)), Shape(b.shape.dimensions.dropLast(2)))
    else { return (a, b) }
    func broadcast(_ x: Tensor) -> Tensor {
      x.broadcast(to: Shape(batch.dimensions + x.shape.dimensions.suffix(2)))
    }
    return (broadcast(a), broadcast(b))
  }
}
