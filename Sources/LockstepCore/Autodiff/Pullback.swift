/// The gradients at an operation's inputs, given those at its outputs: nil where none flows or none is wanted.
///
/// The switch has no default: an operation without a rule must not compile. Rules that need more than a line
/// stand in `GradientRules.swift`.
func pullback(_ record: Tape.Record, _ upstream: [Tensor?]) -> [Tensor?] {
  let inputs = record.inputs
  let output = record.outputs[0]
  if case .batchNorm(let attributes) = record.operation {
    return batchNormPullback(attributes, record, upstream)
  }
  if case .batchNormGradient(let attributes) = record.operation {
    return batchNormGradientPullback(attributes, inputs, upstream)
  }
  if case .groupNorm(let attributes) = record.operation {
    return groupNormPullback(attributes, record, upstream)
  }
  guard let g = upstream[0] else { return inputs.map { _ in nil } }
  /// The rule for an input, worked out only if somebody wants it.
  func at(_ input: Int, _ rule: () -> Tensor?) -> Tensor? {
    record.wantsGradient(at: input) ? rule() : nil
  }

  switch record.operation {
  case .fill: return []
  case .reshape: return [g.reshaped(to: inputs[0].shape)]
  case .broadcast: return [g.summed(to: inputs[0].shape)]
  case .transpose(let permutation): return [g.transposed(inverse(permutation))]
  case .slice(let slice): return [sliceAdjoint(g, slice, of: inputs[0].shape)]
  case .pad(let pad): return [padAdjoint(g, pad, of: inputs[0].shape)]
  case .concatenate(let axis):
    return inputs.indices.map { input in at(input) { concatenateAdjoint(g, inputs, axis, at: input) } }
  case .gather(let axis):
    return [.applied(.scatterAdd(axis: axis, size: inputs[0].shape[axis]), g, inputs[1]), nil]
  case .scatterAdd(let axis, _): return [.applied(.gather(axis: axis), g, inputs[1]), nil]
  case .cast: return [g.asType(inputs[0].dtype)]

  case .unary(let function): return [unaryGradient(function, inputs[0], output, g)]
  case .binary(.addReLU):
    let passed = Tensor.applied(.binary(.reluGradient), output, g)
    return inputs.indices.map { input in at(input) { passed.summed(to: inputs[input].shape) } }
  case .binary(let function):
    return [
      at(0) { binaryGradientAtLeft(function, inputs[0], inputs[1], g)?.summed(to: inputs[0].shape) },
      at(1) { binaryGradientAtRight(function, inputs[0], inputs[1], output, g)?.summed(to: inputs[1].shape) },
    ]
  case .select:
    return [
      nil,
      at(1) { Tensor.select(inputs[0], g, g.like(0)).summed(to: inputs[1].shape) },
      at(2) { Tensor.select(inputs[0], g.like(0), g).summed(to: inputs[2].shape) },
    ]

  case .reduce(let reduction, let axes): return [reduceGradient(reduction, axes, inputs[0], output, g)]
  case .argReduce: return [nil]
  case .softmax: return [.applied(.softmaxGradient, output, g)]
  case .softmaxGradient:
    return [
      at(0) { softmaxGradientAtOutput(inputs[0], inputs[1], g) },
      at(1) { .applied(.softmaxGradient, inputs[0], g) },
    ]
  case .logSoftmax: return [.applied(.logSoftmaxGradient, output, g)]
  case .logSoftmaxGradient:
    let probabilities = inputs[0].exp()
    return [
      at(0) { -(g * probabilities * inputs[1].sum(-1, keepDimensions: true)) },
      at(1) { g - (g * probabilities).sum(-1, keepDimensions: true) },
    ]

  case .matmul(let matmul):
    return [
      at(0) { matmulGradientAtA(matmul, b: inputs[1], g) },
      at(1) { matmulGradientAtB(matmul, a: inputs[0], g) },
    ]

  case .conv2D(let convolution):
    return [
      at(0) { convolutionInputGradient(convolution, g, inputs[1], of: inputs[0].shape) },
      at(1) { convolutionWeightGradient(convolution, inputs[0], g, of: inputs[1].shape) },
    ]
  case .conv2DInputGradient(let convolution, _, _):
    return [
      at(0) { .applied(.conv2D(convolution), g, inputs[1]) },
      at(1) { convolutionWeightGradient(convolution, g, inputs[0], of: inputs[1].shape) },
    ]
  case .conv2DWeightGradient(let convolution, _, _):
    return [
      at(0) { convolutionInputGradient(convolution, inputs[1], g, of: inputs[0].shape) },
      at(1) { .applied(.conv2D(convolution), inputs[0], g) },
    ]
  case .fusedConv2D(let fused): return fusedConvolutionGradients(fused, record, g)
  case .fusedConv2DInputGradient, .fusedConv2DWeightGradient:
    trap("\(record.operation.name) is a gradient itself: to differentiate it, compute without fusion")
  case .maxPool2D(let pooling):
    return [maxPoolGradient(pooling, g, record.outputs[1], of: inputs[0].shape)]
  case .maxPool2DGradient(let pooling, _, _): return [.applied(.maxPool2DGather(pooling), g, inputs[1]), nil]
  case .maxPool2DGather(let pooling):
    return [maxPoolGradient(pooling, g, inputs[1], of: inputs[0].shape), nil]
  case .averagePool2D(let pooling):
    let image = inputs[0].shape
    return [.applied(.averagePool2DGradient(pooling, height: image[1], width: image[2]), g)]
  case .averagePool2DGradient(let pooling, _, _): return [.applied(.averagePool2D(pooling), g)]

  case .groupNormGradient:
    trap("\(record.operation.name) is a gradient itself, and gradients are of first order")
  case .batchNorm, .batchNormGradient, .groupNorm:
    trap("\(record.operation.name) has several outputs with gradients")  // Done above.
  case .batchNormInference(let attributes):
    return batchNormInferencePullback(attributes, inputs, output, g)

  case .softmaxCrossEntropy(let smoothing):
    return [.applied(.softmaxCrossEntropyGradient(labelSmoothing: smoothing), inputs[0], inputs[1], g), nil]
  case .softmaxCrossEntropyGradient(let smoothing):
    return [
      at(0) {
        let upstream = g * inputs[2].expandingDimension(at: -1)
        return .applied(.softmaxGradient, inputs[0].softmax(), upstream)
      }, nil,
      at(2) {
        let ones = Tensor.ones(inputs[2].shape, dtype: g.dtype, on: g.device)
        let residual = Tensor.applied(
          .softmaxCrossEntropyGradient(labelSmoothing: smoothing), inputs[0], inputs[1], ones)
        return (g * residual).sum(-1)
      },
    ]

  // An update of parameters ends what is differentiated.
  case .sgd, .adam: return inputs.map { _ in nil }
  }
}
