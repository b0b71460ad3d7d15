import LockstepCore

/// Thresholds that faults have, of the mistakes they stand for.
enum FaultLimit {
  /// Sums of more terms than this lose their last one: the smallest size at which blocked kernels differ.
  static let blockedTerms = 128
  /// What a signed counter of 16 bits reaches.
  static let counter = Int(Int16.max)
  /// How many columns 16 bits count.
  static let columns = Int(UInt16.max) + 1
}

extension Fault {
  /// Whether the instruction is of the kind and size that the fault is about.
  func concerns(_ instruction: Instruction) -> Bool {
    let operation = instruction.operation
    switch self {
    case .zeroTile, .nanLeak, .ulpNoise:
      return operation.isSumOfProducts
    case .bfloat16Products, .tf32Products:
      return operation.isSumOfProducts && instruction.outputs[0].spec.dtype == .float32
    case .shuffledWeightGradient:
      guard case .conv2DWeightGradient = operation else { return false }
      return instruction.outputs[0].spec.shape[-1].isMultiple(of: 2)
    case .channelWrap:
      return operation.isSumOfProducts && instruction.outputs[0].spec.shape[-1] > FaultLimit.columns
    case .droppedLastTerm:
      return (instruction.productCount ?? 0) > FaultLimit.blockedTerms
    case .missingTerm:
      return (instruction.productCount ?? 0) >= FaultLimit.counter
    case .float32Norm:
      return isTotal(instruction)
    case .x87Double:
      return isTotal(instruction) && instruction.inputs[0].spec.dtype == .float64
    case .scaledGradient:
      return isWeightGradient(instruction)
    case .truncatingConversion:
      guard case .cast(let target) = operation else { return false }
      let source = instruction.inputs[0].spec.dtype
      return source.isFloatingPoint && target.isInteger || source == .int64 && target.isFloatingPoint
    }
  }

  /// A sum, mean or sum of squares of everything, as norms and losses are.
  private func isTotal(_ instruction: Instruction) -> Bool {
    switch instruction.operation {
    case .reduce(.sum, _), .reduce(.mean, _), .reduce(.sumOfSquares, _):
      instruction.outputs[0].spec.shape.count == 1 && instruction.inputs[0].spec.dtype.isFloatingPoint
    default: false
    }
  }

  /// The gradient at the weight of a convolution or of a dense layer: there inputs and gradient are
  /// multiplied over the batch.
  private func isWeightGradient(_ instruction: Instruction) -> Bool {
    switch instruction.operation {
    case .conv2DWeightGradient, .fusedConv2DWeightGradient: true
    case .matmul(let matmul): matmul.transposeA && instruction.origin.phase == .backward
    default: false
    }
  }
}

extension Instruction {
  /// How many products an element of its result adds up; nil where it doesn't.
  var productCount: Int? { operation.productCount(inputs.map(\.spec)) }
}
