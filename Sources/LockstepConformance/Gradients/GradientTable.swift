import LockstepCore

extension OperationKind {
  /// The checks of the operation's gradient; empty for what is not differentiated.
  public var gradientChecks: [GradientCheck] {
    switch self {
    // Has no inputs.
    case .fill: []
    // Gives positions.
    case .argReduce: []
    // Ends what is differentiated.
    case .sgd, .adam: []
    // Gradients are of first order; without fusion these can be differentiated.
    case .fusedConv2DInputGradient, .fusedConv2DWeightGradient: []
    case .groupNormGradient: []
    case .reshape: LayoutGradients.reshape
    case .broadcast: LayoutGradients.broadcast
    case .transpose: LayoutGradients.transpose
    case .slice: LayoutGradients.slice
    case .pad: LayoutGradients.pad
    case .concatenate: LayoutGradients.concatenate
    case .gather: LayoutGradients.gather
    case .scatterAdd: LayoutGradients.scatterAdd
    case .cast: LayoutGradients.cast
    case .unary: ElementwiseGradients.unary
    case .binary: ElementwiseGradients.binary
    case .select: ElementwiseGradients.select
    case .reduce: ReductionGradients.reduce
    case .softmax: ReductionGradients.softmax
    case .softmaxGradient: ReductionGradients.softmaxGradient
    case .logSoftmax: ReductionGradients.logSoftmax
    case .logSoftmaxGradient: ReductionGradients.logSoftmaxGradient
    case .matmul: ReductionGradients.matmul
    case .conv2D: WindowGradients.conv2D
    case .conv2DInputGradient: WindowGradients.conv2DInputGradient
    case .conv2DWeightGradient: WindowGradients.conv2DWeightGradient
    case .fusedConv2D: WindowGradients.fusedConv2D
    case .maxPool2D: WindowGradients.maxPool2D
    case .maxPool2DGradient: WindowGradients.maxPool2DGradient
    case .maxPool2DGather: WindowGradients.maxPool2DGather
    case .averagePool2D: WindowGradients.averagePool2D
    case .averagePool2DGradient: WindowGradients.averagePool2DGradient
    case .batchNorm: NormalizationGradients.training
    case .batchNormGradient: NormalizationGradients.gradient
    case .batchNormInference: NormalizationGradients.inference
    case .groupNorm: NormalizationGradients.groups
    case .softmaxCrossEntropy: ReductionGradients.crossEntropy
    case .softmaxCrossEntropyGradient: ReductionGradients.crossEntropyGradient
    }
  }
}

extension CaseInput {
  /// A float64 operand of ordinary numbers.
  static func ordinary(_ shape: Shape) -> CaseInput { CaseInput(shape, .float64, .uniform(-2...2)) }
}
