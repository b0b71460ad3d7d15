extension Operation {
  /// How exactly a backend must compute the operation on these operands.
  ///
  /// - Parameters:
  ///   - inputs: the operands; only their shapes and types matter, and the indices of a scatter.
  ///   - outputs: what they give.
  package func accuracy(inputs: [TensorValue], outputs: [TensorSpec]) -> Accuracy {
    switch self {
    case .fill, .reshape, .broadcast, .transpose, .slice, .pad, .concatenate, .gather, .select,
      .maxPool2DGather:
      return .bits
    // A conversion rounds once, as IEEE 754 says, or truncates.
    case .cast, .argReduce, .maxPool2D, .reduce(.max, _), .reduce(.min, _): return .equal
    case .unary(let function): return isReal(outputs) ? function.accuracy : .equal
    case .binary(let function): return isReal(outputs) ? function.accuracy : .equal
    case .reduce(.sum, let axes), .reduce(.mean, let axes), .reduce(.sumOfSquares, let axes):
      return isReal(outputs) ? .accumulated(terms: axes.reduce(1) { $0 * inputs[0].spec.shape[$1] }) : .equal
    case .scatterAdd:
      return isReal(outputs) ? .accumulated(terms: Self.mostCommon(inputs[1].integers)) : .equal
    case .matmul(let matmul):
      return .accumulated(terms: inputs[0].spec.shape[matmul.transposeA ? -2 : -1])
    case .conv2D(let convolution) where convolution.usesWinograd(weight: inputs[1].spec.shape):
      return .bounded
    case .conv2DInputGradient(let convolution, _, _)
    where convolution.usesWinograd(weight: inputs[1].spec.shape):
      return .bounded
    case .conv2D:
      let weight = inputs[1].spec.shape
      return .accumulated(terms: weight[0] * weight[1] * weight[2])
    case .conv2DInputGradient(let convolution, _, _):
      let weight = inputs[1].spec.shape
      return .accumulated(terms: weight[0] * weight[1] * weight[3] / convolution.groups)
    case .conv2DWeightGradient:
      let upstream = inputs[1].spec.shape
      return .accumulated(terms: upstream[0] * upstream[1] * upstream[2])
    case .fusedConv2D:
      let weight = inputs[1].spec.shape
      return .accumulated(terms: weight[0] * weight[1] * weight[2] + 1)
    case .fusedConv2DInputGradient(let fused, _, _):
      let weight = inputs[1].spec.shape
      return .accumulated(terms: weight[0] * weight[1] * weight[3] / fused.convolution.groups)
    case .fusedConv2DWeightGradient(let fused, _, _):
      let upstream = inputs[1].spec.shape
      return .accumulated(terms: upstream[0] * upstream[1] * upstream[2] * fused.windowCount)
    // Where windows don't overlap every element is moved or zero.
    case .maxPool2DGradient(let pooling, _, _):
      let overlap = pooling.overlap
      return overlap == 1 ? .equal : .accumulated(terms: overlap)
    case .averagePool2D(let pooling):
      return .accumulated(terms: pooling.kernel.height * pooling.kernel.width)
    case .averagePool2DGradient(let pooling, _, _): return .accumulated(terms: pooling.overlap)
    case .softmax, .softmaxGradient, .logSoftmax, .logSoftmaxGradient, .softmaxCrossEntropy,
      .softmaxCrossEntropyGradient, .batchNorm, .batchNormGradient, .batchNormInference, .groupNorm,
      .groupNormGradient, .sgd, .adam:
      return .bounded
    }
  }

  private func isReal(_ outputs: [TensorSpec]) -> Bool { outputs[0].dtype.isFloatingPoint }

  /// How often the most common of the indices is there.
  private static func mostCommon(_ indices: [Int64]) -> Int {
    var counts: [Int64: Int] = [:]
    for index in indices { counts[index, default: 0] += 1 }
    return counts.values.max() ?? 0
  }
}

extension Pooling {
  /// In how many windows a pixel lies at most.
  fileprivate var overlap: Int {
    let stride = geometry.stride
    let rows = (kernel.height + stride.height - 1) / stride.height
    let columns = (kernel.width + stride.width - 1) / stride.width
    return rows * columns
  }
}
