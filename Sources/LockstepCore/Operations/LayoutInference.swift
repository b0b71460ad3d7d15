// Shape inference of the operations that create, move and convert elements.
extension Operation {
  func inferFill(_ fill: Fill) throws(OperationError) -> TensorSpec {
    try require(fill.value.fits(fill.dtype), "\(fill.value) does not fit \(fill.dtype)")
    return TensorSpec(fill.shape, fill.dtype)
  }

  func inferReshape(_ x: TensorSpec, _ shape: Shape) throws(OperationError) -> TensorSpec {
    try require(
      x.shape.count == shape.count,
      "\(x.shape) has \(x.shape.count) elements and does not fill \(shape), which has \(shape.count)")
    return TensorSpec(shape, x.dtype)
  }

  func inferBroadcast(_ x: TensorSpec, _ shape: Shape) throws(OperationError) -> TensorSpec {
    try require(
      Shape.broadcast(x.shape, shape) == shape, "\(x.shape) does not broadcast to \(shape)")
    return TensorSpec(shape, x.dtype)
  }

  func inferTranspose(_ x: TensorSpec, _ permutation: [Int]) throws(OperationError) -> TensorSpec {
    try require(
      permutation.sorted() == Array(0..<x.shape.rank),
      "\(permutation) is not a permutation of the dimensions of \(x.shape)")
    return TensorSpec(try shape(permutation.map { x.shape[$0] }), x.dtype)
  }

  func inferSlice(_ x: TensorSpec, _ slice: Slice) throws(OperationError) -> TensorSpec {
    let rank = x.shape.rank
    try require(
      [slice.starts.count, slice.sizes.count, slice.steps.count] == [rank, rank, rank],
      "starts, sizes and steps need \(rank) numbers each for \(x.shape)")
    for axis in 0..<rank {
      let (start, size, step) = (slice.starts[axis], slice.sizes[axis], slice.steps[axis])
      let last = start + max(0, size - 1) * step
      try require(
        step >= 1 && size >= 0 && start >= 0 && start <= x.shape[axis] && (size == 0 || last < x.shape[axis]),
        "\(size) elements from \(start) by \(step) lie outside of axis \(axis) of \(x.shape)")
    }
    return TensorSpec(try shape(slice.sizes), x.dtype)
  }

  func inferPad(_ x: TensorSpec, _ pad: Pad) throws(OperationError) -> TensorSpec {
    let rank = x.shape.rank
    try require(
      [pad.low.count, pad.high.count, pad.interior.count] == [rank, rank, rank],
      "low, high and interior need \(rank) numbers each for \(x.shape)")
    try require(
      (pad.low + pad.high + pad.interior).allSatisfy { $0 >= 0 }, "padding can't be negative: \(pad)")
    let sizes = (0..<rank).map { axis in
      pad.low[axis] + x.shape[axis] + max(0, x.shape[axis] - 1) * pad.interior[axis] + pad.high[axis]
    }
    return TensorSpec(try shape(sizes), x.dtype)
  }

  func inferConcatenate(_ inputs: [TensorSpec], _ axis: Int) throws(OperationError) -> TensorSpec {
    let first = inputs[0]
    try requireAxis(axis, of: first)
    var size = first.shape[axis]
    for other in inputs.dropFirst() {
      try requireSameDType(first, other)
      try require(
        other.shape.rank == first.shape.rank
          && other.shape.removing([axis]) == first.shape.removing([axis]),
        "shapes differ outside of axis \(axis): \(first.shape) and \(other.shape)")
      size += other.shape[axis]
    }
    return TensorSpec(try shape(first.shape, with: size, at: axis), first.dtype)
  }

  func inferGather(
    _ x: TensorSpec, _ indices: TensorSpec, _ axis: Int
  ) throws(OperationError) -> TensorSpec {
    try requireAxis(axis, of: x)
    try requireIndices(indices)
    return TensorSpec(try shape(x.shape, with: indices.shape.count, at: axis), x.dtype)
  }

  func inferScatterAdd(
    _ x: TensorSpec, _ indices: TensorSpec, _ axis: Int, _ size: Int
  ) throws(OperationError) -> TensorSpec {
    try requireAxis(axis, of: x)
    try requireIndices(indices)
    try require(x.dtype.isNumeric, "not defined on \(x.dtype)")
    try require(
      x.shape[axis] == indices.shape.count,
      "axis \(axis) of \(x.shape) needs as many indices, not \(indices.shape)")
    return TensorSpec(try shape(x.shape, with: size, at: axis), x.dtype)
  }

  /// The shape with one size replaced.
  private func shape(_ shape: Shape, with size: Int, at axis: Int) throws(OperationError) -> Shape {
    var sizes = shape.dimensions
    sizes[axis] = size
    return try self.shape(sizes)
  }
}
