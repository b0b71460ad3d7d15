import CLockstepKernels
import LockstepCore

extension Operation {
  /// Whether the kernels compute the operation on inputs of a dtype.
  func hasKernel(for dtype: DType) -> Bool {
    switch self {
    case .fill, .reshape, .broadcast, .transpose, .slice, .pad, .concatenate, .gather, .cast, .select: true
    case .unary(let function): function.supports(dtype)
    case .binary(let function): function.supports(dtype)
    case .reduce(.mean, _), .reduce(.sumOfSquares, _): dtype.isFloatingPoint
    case .reduce, .argReduce, .scatterAdd: dtype.isNumeric
    case .softmax, .softmaxGradient, .logSoftmax, .logSoftmaxGradient: dtype.isFloatingPoint
    case .softmaxCrossEntropy, .softmaxCrossEntropyGradient: dtype.isFloatingPoint
    case .matmul, .conv2D, .conv2DInputGradient, .conv2DWeightGradient: dtype.isFloatingPoint
    case .fusedConv2D, .fusedConv2DInputGradient, .fusedConv2DWeightGradient: dtype.isFloatingPoint
    case .maxPool2D, .maxPool2DGradient, .maxPool2DGather: dtype.isFloatingPoint
    case .batchNorm, .batchNormGradient, .batchNormInference: dtype.isFloatingPoint
    case .groupNorm, .groupNormGradient: dtype.isFloatingPoint
    case .averagePool2D, .averagePool2DGradient, .sgd, .adam: dtype.isFloatingPoint
    }
  }
}

extension BackendError {
  /// What a kernel's status means for the instruction that gave it, or nil if it succeeded.
  ///
  /// - Parameter missingBytes: how much scratch memory could not be had, where that is the status.
  init?(_ status: lk_status, of instruction: Instruction, missingBytes: Int, backend: String) {
    switch status {
    case LK_OK: return nil
    case LK_ERROR_OUT_OF_MEMORY: self = .outOfMemory(byteCount: missingBytes)
    case LK_ERROR_INDEX_OUT_OF_RANGE:
      self = .indexOutOfRange(operation: instruction.operation.name, origin: instruction.origin)
    default:
      let spec = instruction.inputs.first?.spec ?? instruction.outputs[0].spec
      self = .unsupported(operation: instruction.operation.name, dtype: spec.dtype, backend: backend)
    }
  }
}
