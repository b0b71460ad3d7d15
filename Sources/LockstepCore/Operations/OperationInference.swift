extension Operation {
  /// What the operation gives for operands of these shapes and dtypes; the one place where they are checked.
  ///
  /// - Throws: ``OperationError`` naming the operation and the shapes that don't fit.
  public func inferOutputs(_ inputs: [TensorSpec]) throws(OperationError) -> [TensorSpec] {
    try checkCount(inputs)
    switch self {
    case .fill(let fill): return [try inferFill(fill)]
    case .reshape(let shape): return [try inferReshape(inputs[0], shape)]
    case .broadcast(let shape): return [try inferBroadcast(inputs[0], shape)]
    case .transpose(let permutation): return [try inferTranspose(inputs[0], permutation)]
    case .slice(let slice): return [try inferSlice(inputs[0], slice)]
    case .pad(let pad): return [try inferPad(inputs[0], pad)]
    case .concatenate(let axis): return [try inferConcatenate(inputs, axis)]
    case .gather(let axis): return [try inferGather(inputs[0], inputs[1], axis)]
    case .scatterAdd(let axis, let size): return [try inferScatterAdd(inputs[0], inputs[1], axis, size)]
    case .cast(let dtype): return [TensorSpec(inputs[0].shape, dtype)]
    case .unary: return [try inferElementwise(inputs[0], nil)]
    case .binary: return [try inferElementwise(inputs[0], inputs[1])]
    case .select: return [try inferSelect(inputs)]
    case .reduce(let reduction, let axes): return [try inferReduce(inputs[0], reduction, axes)]
    case .argReduce(_, let axis): return [try inferArgReduce(inputs[0], axis)]
    case .softmax, .logSoftmax:
      try requireRows(inputs[0])
      return [inputs[0]]
    case .softmaxGradient, .logSoftmaxGradient:
      try requireRows(inputs[0])
      try requireSame(inputs[0], inputs[1])
      return [inputs[0]]
    case .matmul(let matmul): return [try inferMatmul(inputs[0], inputs[1], matmul)]
    case .conv2D, .conv2DInputGradient, .conv2DWeightGradient: return [try inferConvolution(inputs)]
    case .fusedConv2D, .fusedConv2DInputGradient, .fusedConv2DWeightGradient:
      return try inferFusedConvolution(inputs)
    case .maxPool2D, .maxPool2DGradient, .maxPool2DGather, .averagePool2D, .averagePool2DGradient:
      return try inferPooling(inputs)
    case .batchNorm, .batchNormGradient, .batchNormInference: return try inferNormalization(inputs)
    case .groupNorm, .groupNormGradient: return try inferGroupNormalization(inputs)
    case .softmaxCrossEntropy(let smoothing), .softmaxCrossEntropyGradient(let smoothing):
      return [try inferCrossEntropy(inputs, smoothing)]
    case .sgd:
      try requireFloatingPoint(inputs[0])
      for other in inputs.dropFirst() { try requireSame(inputs[0], other) }
      return [inputs[0], inputs[0]]
    case .adam(let step):
      try requireFloatingPoint(inputs[0])
      for other in inputs.dropFirst() { try requireSame(inputs[0], other) }
      try require(step.step >= 1, "steps are counted from 1, this is \(step.step)")
      return [inputs[0], inputs[0], inputs[0]]
    }
  }

  /// How many operands the operation takes.
  public var inputCount: ClosedRange<Int> {
    switch self {
    case .fill: 0...0
    case .reshape, .broadcast, .transpose, .slice, .pad, .cast, .unary, .reduce, .argReduce: 1...1
    case .softmax, .logSoftmax, .maxPool2D, .averagePool2D, .averagePool2DGradient: 1...1
    case .gather, .scatterAdd, .binary, .matmul, .softmaxGradient, .logSoftmaxGradient: 2...2
    case .conv2D, .conv2DInputGradient, .conv2DWeightGradient: 2...2
    case .maxPool2DGradient, .maxPool2DGather, .softmaxCrossEntropy: 2...2
    case .fusedConv2D: 2...3
    case .fusedConv2DInputGradient, .fusedConv2DWeightGradient: 3...3
    case .select, .softmaxCrossEntropyGradient, .sgd, .batchNorm, .groupNorm: 3...3
    case .adam: 4...4
    case .batchNormInference, .groupNormGradient: 5...5
    case .batchNormGradient: 6...6
    case .concatenate: 2...4
    }
  }

  private func checkCount(_ inputs: [TensorSpec]) throws(OperationError) {
    let (least, most) = (inputCount.lowerBound, inputCount.upperBound)
    try require(
      inputCount.contains(inputs.count),
      "takes \(least == most ? "\(least)" : "\(least) to \(most)") operands, not \(inputs.count)")
  }
}

// The checks the families share.
extension Operation {
  func require(_ condition: Bool, _ problem: @autoclosure () -> String) throws(OperationError) {
    if !condition { throw OperationError(self, problem()) }
  }

  /// A shape made of sizes that were worked out; what is no shape is an error and does not trap.
  func shape(_ sizes: [Int]) throws(OperationError) -> Shape {
    if let problem = Shape.problem(with: sizes) { throw OperationError(self, problem) }
    return Shape(sizes)
  }

  func requireFloatingPoint(_ spec: TensorSpec) throws(OperationError) {
    try require(spec.dtype.isFloatingPoint, "needs float32 or float64, not \(spec)")
  }

  func requireSame(_ lhs: TensorSpec, _ rhs: TensorSpec) throws(OperationError) {
    try require(lhs == rhs, "operands differ: \(lhs) and \(rhs)")
  }

  func requireSameDType(_ lhs: TensorSpec, _ rhs: TensorSpec) throws(OperationError) {
    try require(
      lhs.dtype == rhs.dtype, "dtypes differ: \(lhs) and \(rhs); convert one with asType(_:)")
  }

  func requireAxis(_ axis: Int, of spec: TensorSpec) throws(OperationError) {
    try require(spec.shape.dimensions.indices.contains(axis), "\(spec) has no axis \(axis)")
  }

  func requireRows(_ spec: TensorSpec) throws(OperationError) {
    try requireFloatingPoint(spec)
    try require(spec.shape.rank >= 1, "needs at least one dimension, not a scalar")
  }

  func requireIndices(_ spec: TensorSpec) throws(OperationError) {
    try require(spec.dtype == .int32 || spec.dtype == .int64, "indices are int32 or int64, not \(spec)")
    try require(spec.shape.rank == 1, "indices are a vector, not \(spec)")
  }
}
