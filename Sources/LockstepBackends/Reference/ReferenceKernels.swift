import LockstepCore

/// The operations, each a function from host tensors to host tensors.
enum ReferenceKernels {
  /// What an operation gives for `inputs`; `outputs` says what shapes and dtypes are expected.
  static func evaluate(
    _ operation: Operation, inputs: [ReferenceTensor], outputs: [TensorSpec], origin: Origin
  ) throws(BackendError) -> [ReferenceTensor] {
    do throws(IndexOutOfRange) {
      return try evaluate(operation, inputs, outputs)
    } catch {
      throw .indexOutOfRange(operation: operation.name, origin: origin)
    }
  }

  /// An index or a label that lies outside of the dimension it selects from.
  struct IndexOutOfRange: Error {}

  private static func evaluate(
    _ operation: Operation, _ inputs: [ReferenceTensor], _ outputs: [TensorSpec]
  ) throws(IndexOutOfRange) -> [ReferenceTensor] {
    switch operation {
    case .maxPool2D(let pooling):
      return maxPool2D(inputs[0], pooling, outputs[0], positions: outputs[1])
    case .batchNorm(let attributes):
      return batchNorm(attributes, inputs[0], scale: inputs[1], offset: inputs[2], outputs)
    case .batchNormGradient(let attributes):
      return batchNormGradient(attributes, inputs, outputs)
    case .groupNorm(let attributes):
      return groupNorm(attributes, inputs[0], scale: inputs[1], offset: inputs[2], outputs)
    case .groupNormGradient(let attributes):
      return groupNormGradient(attributes, inputs, outputs)
    case .fusedConv2D(let fused):
      return fusedConv2D(inputs[0], weight: inputs[1], bias: inputs.dropFirst(2).first, fused, outputs)
    case .fusedConv2DWeightGradient(let fused, _, _):
      return fusedConv2DWeightGradient(inputs[0], upstream: inputs[1], mask: inputs[2], fused, outputs)
    case .sgd(let step):
      return sgd(step, parameter: inputs[0], gradient: inputs[1], velocity: inputs[2], outputs)
    case .adam(let step):
      return adam(step, inputs, outputs)
    default:
      return [try evaluate(operation, inputs, outputs[0])]
    }
  }

  private static func evaluate(
    _ operation: Operation, _ inputs: [ReferenceTensor], _ output: TensorSpec
  ) throws(IndexOutOfRange) -> ReferenceTensor {
    switch operation {
    case .fill(let fill): Self.fill(fill.value, output)
    case .reshape: ReferenceTensor(output, bytes: Array(inputs[0].bytes.prefix(output.byteCount)))
    case .broadcast: broadcast(inputs[0], output)
    case .transpose(let permutation): transpose(inputs[0], permutation, output)
    case .slice(let slice): Self.slice(inputs[0], slice, output)
    case .pad(let pad): Self.pad(inputs[0], pad, output)
    case .concatenate(let axis): concatenate(inputs, axis: axis, output)
    case .gather(let axis): try gather(inputs[0], indices: inputs[1], axis: axis, output)
    case .scatterAdd(let axis, _): try scatterAdd(inputs[0], indices: inputs[1], axis: axis, output)
    case .cast: cast(inputs[0], output)

    case .unary(let function): unary(function, inputs[0], output)
    case .binary(let function): binary(function, inputs[0], inputs[1], output)
    case .select: select(inputs[0], inputs[1], inputs[2], output)

    case .reduce(let reduction, let axes): reduce(inputs[0], reduction, axes: axes, output)
    case .argReduce(let extremum, let axis): argReduce(inputs[0], extremum, axis: axis, output)
    case .softmax: softmax(inputs[0], output)
    case .softmaxGradient: softmaxGradient(inputs[0], upstream: inputs[1], output)
    case .logSoftmax: logSoftmax(inputs[0], output)
    case .logSoftmaxGradient: logSoftmaxGradient(inputs[0], upstream: inputs[1], output)

    case .matmul(let matmul): Self.matmul(inputs[0], inputs[1], matmul, output)

    case .conv2D(let convolution): conv2D(inputs[0], weight: inputs[1], convolution, output)
    case .conv2DInputGradient(let convolution, _, _):
      conv2DInputGradient(inputs[0], weight: inputs[1], convolution, output)
    case .conv2DWeightGradient(let convolution, _, _):
      conv2DWeightGradient(inputs[0], upstream: inputs[1], convolution, output)
    case .fusedConv2DInputGradient(let fused, _, _):
      fusedConv2DInputGradient(inputs[0], weight: inputs[1], mask: inputs[2], fused, output)
    case .maxPool2DGradient: try maxPool2DGradient(inputs[0], positions: inputs[1], output)
    case .maxPool2DGather: try maxPool2DGather(inputs[0], positions: inputs[1], output)
    case .averagePool2D(let pooling): averagePool2D(inputs[0], pooling, output)
    case .averagePool2DGradient(let pooling, _, _): averagePool2DGradient(inputs[0], pooling, output)
    case .softmaxCrossEntropy(let smoothing):
      try softmaxCrossEntropy(inputs[0], labels: inputs[1], smoothing: smoothing, output)
    case .softmaxCrossEntropyGradient(let smoothing):
      try softmaxCrossEntropyGradient(
        inputs[0], labels: inputs[1], upstream: inputs[2], smoothing: smoothing, output)

    case .batchNormInference(let attributes):
      batchNormInference(attributes, inputs, output)

    case .maxPool2D, .batchNorm, .batchNormGradient, .groupNorm, .groupNormGradient, .sgd, .adam,
      .fusedConv2D, .fusedConv2DWeightGradient:
      preconditionFailure("\(operation.name) has several outputs")
    }
  }
}
