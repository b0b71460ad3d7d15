#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Operation {
  /// For every element of every output, how far from the exact result it may be, in units of u; only for
  /// operations whose accuracy is ``Accuracy/bounded``.
  package func errorBounds(_ inputs: [TensorValue]) -> [[Double]] {
    switch self {
    case .binary(.tanhGradient): [tanhGradientErrors(inputs[0], inputs[1])]
    case .softmax: [SoftmaxRow.rows(inputs[0]).flatMap(\.probabilityErrors)]
    case .logSoftmax: [SoftmaxRow.rows(inputs[0]).flatMap(\.logarithmErrors)]
    case .softmaxGradient: [softmaxGradientErrors(inputs[0], inputs[1])]
    case .logSoftmaxGradient: [logSoftmaxGradientErrors(inputs[0], inputs[1])]
    case .softmaxCrossEntropy(let smoothing): [crossEntropyErrors(inputs[0], inputs[1], smoothing)]
    case .softmaxCrossEntropyGradient(let smoothing):
      [crossEntropyGradientErrors(inputs[0], inputs[1], inputs[2], smoothing)]
    case .batchNorm(let attributes): batchNormErrors(attributes, inputs)
    case .batchNormGradient(let attributes): batchNormGradientErrors(attributes, inputs)
    case .batchNormInference(let attributes): [batchNormInferenceErrors(attributes, inputs)]
    case .groupNorm(let attributes): groupNormErrors(attributes, inputs)
    case .groupNormGradient(let attributes): groupNormGradientErrors(attributes, inputs)
    case .sgd(let step): sgdErrors(step, inputs)
    case .adam(let step): adamErrors(step, inputs)
    case .conv2D(let convolution): [convolution.winogradErrors(inputs)]
    case .conv2DInputGradient(let convolution, let height, let width):
      [convolution.winogradInputGradientErrors(inputs, height: height, width: width)]
    default: trap("\(name) has no bounds of its own")
    }
  }
}

private func tanhGradientErrors(_ y: TensorValue, _ g: TensorValue) -> [Double] {
  let result = Shape.broadcast(y.spec.shape, g.spec.shape)!
  return zip(repeated(y, to: result), repeated(g, to: result)).map { y, g in
    4 * g.magnitude * (1 + y * y)
  }
}

/// A value's elements, repeated to fill a shape by the rule of broadcasting.
private func repeated(_ value: TensorValue, to shape: Shape) -> [Double] {
  let values = value.reals
  let source = value.spec.shape
  if source == shape { return values }
  let (strides, own) = (shape.strides, source.strides)
  let added = shape.rank - source.rank
  return (0..<shape.count).map { element in
    var offset = 0
    for axis in source.dimensions.indices where source.dimensions[axis] != 1 {
      offset += element / strides[axis + added] % source.dimensions[axis] * own[axis]
    }
    return values[offset]
  }
}

// Rows.

private func softmaxGradientErrors(_ y: TensorValue, _ g: TensorValue) -> [Double] {
  zip(SoftmaxRow.slices(y), SoftmaxRow.slices(g)).flatMap { y, g in
    let products = zip(y, g).reduce(0) { $0 + ($1.0 * $1.1).magnitude }
    let sumError = (Accuracy.accumulationFactor(terms: y.count) + 2) * products
    return zip(y, g).map { $0.magnitude * (3 * $1.magnitude + sumError) }
  }
}

private func logSoftmaxGradientErrors(_ y: TensorValue, _ g: TensorValue) -> [Double] {
  zip(SoftmaxRow.slices(y), SoftmaxRow.slices(g)).flatMap { y, g in
    let total = g.reduce(0) { $0 + $1.magnitude }
    let sumError = (Accuracy.accumulationFactor(terms: y.count) + 12) * total
    return zip(y, g).map { 2 * $1.magnitude + exp($0) * sumError }
  }
}

private func crossEntropyErrors(
  _ logits: TensorValue, _ labels: TensorValue, _ smoothing: Double
) -> [Double] {
  zip(SoftmaxRow.rows(logits), labels.integers).map { row, label in
    let share = smoothing / Double(row.logarithms.count)
    let additions = Accuracy.accumulationFactor(terms: row.logarithms.count)
    let others = zip(row.logarithms, row.logarithmErrors).reduce(0) { sum, item in
      sum + item.1 + (additions + 4) * item.0.magnitude
    }
    let own = row.logarithmErrors[Int(label)] + 4 * row.logarithms[Int(label)].magnitude
    return (1 - smoothing) * own + share * others
  }
}

/// The target, its difference from the probability and the product round once each, here and in the oracle.
private func crossEntropyGradientErrors(
  _ logits: TensorValue, _ labels: TensorValue, _ upstream: TensorValue, _ smoothing: Double
) -> [Double] {
  let (labels, upstream) = (labels.integers, upstream.reals)
  return SoftmaxRow.rows(logits).enumerated().flatMap { example, row in
    let classes = Double(row.probabilities.count)
    return row.probabilities.indices.map { index in
      let isLabel = index == Int(labels[example])
      let target = (isLabel ? 1 - smoothing : 0) + smoothing / classes
      let terms = row.probabilityErrors[index] + 6 * (row.probabilities[index] + target)
      return terms * upstream[example].magnitude
    }
  }
}
