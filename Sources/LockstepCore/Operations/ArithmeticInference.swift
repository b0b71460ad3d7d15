// Shape inference of arithmetic, reductions, matrix products, losses.
extension Operation {
  /// What a function of one or of two tensors gives, element by element.
  func inferElementwise(_ lhs: TensorSpec, _ rhs: TensorSpec?) throws(OperationError) -> TensorSpec {
    switch (self, rhs) {
    case (.unary(let function), nil):
      try require(function.supports(lhs.dtype), "not defined on \(lhs.dtype)")
      return lhs
    case (.binary(let function), let rhs?): return try inferBinary(lhs, rhs, function)
    default: throw OperationError(self, "is no function of \(rhs == nil ? 1 : 2) tensors, element by element")
    }
  }

  private func inferBinary(
    _ lhs: TensorSpec, _ rhs: TensorSpec, _ function: BinaryFunction
  ) throws(OperationError) -> TensorSpec {
    try requireSameDType(lhs, rhs)
    try require(function.supports(lhs.dtype), "not defined on \(lhs.dtype)")
    guard let shape = Shape.broadcast(lhs.shape, rhs.shape) else {
      throw OperationError(self, "shapes \(lhs.shape) and \(rhs.shape) do not broadcast")
    }
    return TensorSpec(shape, function.isComparison ? .bool : lhs.dtype)
  }

  func inferSelect(_ inputs: [TensorSpec]) throws(OperationError) -> TensorSpec {
    try require(inputs[0].dtype == .bool, "the condition must be bool, not \(inputs[0])")
    try requireSameDType(inputs[1], inputs[2])
    guard let values = Shape.broadcast(inputs[1].shape, inputs[2].shape),
      let shape = Shape.broadcast(inputs[0].shape, values)
    else {
      throw OperationError(
        self, "shapes \(inputs[0].shape), \(inputs[1].shape) and \(inputs[2].shape) do not broadcast")
    }
    return TensorSpec(shape, inputs[1].dtype)
  }

  func inferReduce(
    _ x: TensorSpec, _ reduction: Reduction, _ axes: [Int]
  ) throws(OperationError) -> TensorSpec {
    for axis in axes { try requireAxis(axis, of: x) }
    try require(axes == Array(Set(axes)).sorted(), "axes must ascend without repetition: \(axes)")
    switch reduction {
    case .sum: try require(x.dtype.isNumeric, "not defined on \(x.dtype)")
    case .mean, .sumOfSquares: try requireFloatingPoint(x)
    case .max, .min:
      try require(x.dtype.isNumeric, "not defined on \(x.dtype)")
      try require(
        axes.allSatisfy { x.shape[$0] > 0 }, "no elements to choose from in axes \(axes) of \(x.shape)")
    }
    return TensorSpec(x.shape.removing(axes), x.dtype)
  }

  func inferArgReduce(_ x: TensorSpec, _ axis: Int) throws(OperationError) -> TensorSpec {
    try requireAxis(axis, of: x)
    try require(x.dtype.isNumeric, "not defined on \(x.dtype)")
    try require(x.shape[axis] > 0, "no elements to choose from in axis \(axis) of \(x.shape)")
    return TensorSpec(x.shape.removing([axis]), .int64)
  }

  func inferMatmul(
    _ a: TensorSpec, _ b: TensorSpec, _ matmul: Matmul
  ) throws(OperationError) -> TensorSpec {
    try requireSameDType(a, b)
    try requireFloatingPoint(a)
    try require(
      a.shape.rank >= 2 && a.shape.rank == b.shape.rank,
      "needs matrices, or stacks of them of the same rank: \(a.shape) and \(b.shape)")
    let batch = a.shape.dimensions.dropLast(2)
    try require(
      batch == b.shape.dimensions.dropLast(2), "batch dimensions differ: \(a.shape) and \(b.shape)")
    let (m, k) = matmul.transposeA ? (a.shape[-1], a.shape[-2]) : (a.shape[-2], a.shape[-1])
    let (otherK, n) = matmul.transposeB ? (b.shape[-1], b.shape[-2]) : (b.shape[-2], b.shape[-1])
    try require(
      k == otherK,
      "inner dimensions differ: \(a.shape)\(matmul.transposeA ? "ᵀ" : "") and "
        + "\(b.shape)\(matmul.transposeB ? "ᵀ" : "")")
    return TensorSpec(try shape(batch + [m, n]), a.dtype)
  }

  func inferCrossEntropy(_ inputs: [TensorSpec], _ smoothing: Double) throws(OperationError) -> TensorSpec {
    let (logits, labels) = (inputs[0], inputs[1])
    try requireFloatingPoint(logits)
    try requireIndices(labels)
    try require((0...1).contains(smoothing), "label smoothing must lie in 0...1: \(smoothing)")
    try require(
      logits.shape.rank == 2 && logits.shape[1] > 0 && logits.shape[0] == labels.shape[0],
      "needs logits [batch, classes] and labels [batch], not \(logits.shape) and \(labels.shape)")
    let losses = TensorSpec([logits.shape[0]], logits.dtype)
    guard inputs.count == 3 else { return losses }
    try requireSame(losses, inputs[2])
    return logits
  }
}
