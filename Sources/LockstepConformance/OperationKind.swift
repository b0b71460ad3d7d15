public import LockstepCore

/// The cases of `Operation` without their attributes.
///
/// ``init(_:)`` switches over every operation: a new one does not compile until it has a kind, and a kind does
/// not compile until it has cases and gradient checks.
public enum OperationKind: String, Hashable, Sendable, CaseIterable {
  case fill, reshape, broadcast, transpose, slice, pad, concatenate, gather, scatterAdd, cast
  case unary, binary, select
  case reduce, argReduce, softmax, softmaxGradient, logSoftmax, logSoftmaxGradient
  case matmul
  case conv2D, conv2DInputGradient, conv2DWeightGradient
  case fusedConv2D, fusedConv2DInputGradient, fusedConv2DWeightGradient
  case maxPool2D, maxPool2DGradient, maxPool2DGather, averagePool2D, averagePool2DGradient
  case batchNorm, batchNormGradient, batchNormInference
  case groupNorm, groupNormGradient
  case softmaxCrossEntropy, softmaxCrossEntropyGradient
  case sgd, adam

  /// The kind of an operation.
  public init(_ operation: Operation) {
    self =
      switch operation {
      case .fill: .fill
      case .reshape: .reshape
      case .broadcast: .broadcast
      case .transpose: .transpose
      case .slice: .slice
      case .pad: .pad
      case .concatenate: .concatenate
      case .gather: .gather
      case .scatterAdd: .scatterAdd
      case .cast: .cast
      case .unary: .unary
      case .binary: .binary
      case .select: .select
      case .reduce: .reduce
      case .argReduce: .argReduce
      case .softmax: .softmax
      case .softmaxGradient: .softmaxGradient
      case .logSoftmax: .logSoftmax
      case .logSoftmaxGradient: .logSoftmaxGradient
      case .matmul: .matmul
      case .conv2D: .conv2D
      case .conv2DInputGradient: .conv2DInputGradient
      case .conv2DWeightGradient: .conv2DWeightGradient
      case .fusedConv2D: .fusedConv2D
      case .fusedConv2DInputGradient: .fusedConv2DInputGradient
      case .fusedConv2DWeightGradient: .fusedConv2DWeightGradient
      case .maxPool2D: .maxPool2D
      case .maxPool2DGradient: .maxPool2DGradient
      case .maxPool2DGather: .maxPool2DGather
      case .averagePool2D: .averagePool2D
      case .averagePool2DGradient: .averagePool2DGradient
      case .batchNorm: .batchNorm
      case .batchNormGradient: .batchNormGradient
      case .batchNormInference: .batchNormInference
      case .groupNorm: .groupNorm
      case .groupNormGradient: .groupNormGradient
      case .softmaxCrossEntropy: .softmaxCrossEntropy
      case .softmaxCrossEntropyGradient: .softmaxCrossEntropyGradient
      case .sgd: .sgd
      case .adam: .adam
      }
  }

  /// The cases of the operation's table.
  public var cases: [ConformanceCase] {
    switch self {
    case .fill: LayoutCases.fill
    case .reshape: LayoutCases.reshape
    case .broadcast: LayoutCases.broadcast
    case .transpose: LayoutCases.transpose
    case .slice: LayoutCases.slice
    case .pad: LayoutCases.pad
    case .concatenate: IndexingCases.concatenate
    case .gather: IndexingCases.gather
    case .scatterAdd: IndexingCases.scatterAdd
    case .cast: CastCases.cast
    case .unary: ElementwiseCases.unary
    case .binary: ElementwiseCases.binary
    case .select: ElementwiseCases.select
    case .reduce: ReductionCases.reduce
    case .argReduce: ReductionCases.argReduce
    case .softmax: SoftmaxCases.softmax
    case .softmaxGradient: SoftmaxCases.softmaxGradient
    case .logSoftmax: SoftmaxCases.logSoftmax
    case .logSoftmaxGradient: SoftmaxCases.logSoftmaxGradient
    case .matmul: MatmulCases.matmul
    case .conv2D: ConvolutionCases.forward
    case .conv2DInputGradient: ConvolutionCases.inputGradient
    case .conv2DWeightGradient: ConvolutionCases.weightGradient
    case .fusedConv2D: FusedConvolutionCases.forward
    case .fusedConv2DInputGradient: FusedConvolutionCases.inputGradient
    case .fusedConv2DWeightGradient: FusedConvolutionCases.weightGradient
    case .maxPool2D: PoolingCases.max
    case .maxPool2DGradient: PoolingCases.maxGradient
    case .maxPool2DGather: PoolingCases.maxGather
    case .averagePool2D: PoolingCases.average
    case .averagePool2DGradient: PoolingCases.averageGradient
    case .batchNorm: NormalizationCases.training
    case .batchNormGradient: NormalizationCases.gradient
    case .batchNormInference: NormalizationCases.inference
    case .groupNorm: GroupNormalizationCases.forward
    case .groupNormGradient: GroupNormalizationCases.gradient
    case .softmaxCrossEntropy: LossCases.crossEntropy
    case .softmaxCrossEntropyGradient: LossCases.crossEntropyGradient
    case .sgd: OptimizerCases.sgd
    case .adam: OptimizerCases.adam
    }
  }
}
