import CLockstepKernels
import LockstepCore

extension Instruction {
  /// The instruction as the kernels read it.
  ///
  /// What a `data` field holds is the caller's business: an address for kernels in this process, an offset
  /// for a worker that shares memory with it.
  func encoded(data: (BufferID) -> UnsafeMutableRawPointer?) -> lk_instruction {
    var result = lk_instruction()
    encode(into: &result, data: data)
    return result
  }

  /// Writes the instruction over one of zeros; to return its 700 bytes would copy them more than once.
  func encode(into result: inout lk_instruction, data: (BufferID) -> UnsafeMutableRawPointer?) {
    result.opcode = Int32(operation.opcode)
    result.input_count = Int32(inputs.count)
    result.output_count = Int32(outputs.count)
    withUnsafeMutableBytes(of: &result.inputs) { encode(inputs, into: $0, data) }
    withUnsafeMutableBytes(of: &result.outputs) { encode(outputs, into: $0, data) }
    operation.encode(into: &result.attributes)
  }

  /// Writes operands where they belong, which is much quicker than to build C's arrays as tuples of tuples.
  private func encode(
    _ operands: [Operand], into bytes: UnsafeMutableRawBufferPointer,
    _ data: (BufferID) -> UnsafeMutableRawPointer?
  ) {
    let tensors = bytes.bindMemory(to: lk_tensor.self)
    for index in operands.indices {
      tensors[index].set(operands[index].spec, data: data(operands[index].buffer))
    }
  }
}

extension lk_tensor {
  init(_ spec: TensorSpec, data: UnsafeMutableRawPointer?) {
    self.init()
    set(spec, data: data)
  }

  /// Fills in a tensor of zeros.
  fileprivate mutating func set(_ spec: TensorSpec, data: UnsafeMutableRawPointer?) {
    self.data = data
    let dimensions = spec.shape.dimensions
    withUnsafeMutableBytes(of: &shape) { bytes in
      let sizes = bytes.bindMemory(to: Int64.self)
      for axis in dimensions.indices { sizes[axis] = Int64(dimensions[axis]) }
    }
    rank = Int32(dimensions.count)
    dtype = Int32(spec.dtype.rawValue)
  }
}

extension lk_window {
  init(_ geometry: WindowGeometry) {
    self.init(
      stride_height: Int32(geometry.stride.height), stride_width: Int32(geometry.stride.width),
      padding_top: Int32(geometry.padding.top), padding_bottom: Int32(geometry.padding.bottom),
      padding_left: Int32(geometry.padding.left), padding_right: Int32(geometry.padding.right),
      dilation_height: Int32(geometry.dilation.height), dilation_width: Int32(geometry.dilation.width))
  }
}

extension Operation {
  /// The number the kernels know the operation by.
  var opcode: Int {
    switch self {
    case .fill: LK_FILL
    case .reshape: LK_RESHAPE
    case .broadcast: LK_BROADCAST
    case .transpose: LK_TRANSPOSE
    case .slice: LK_SLICE
    case .pad: LK_PAD
    case .concatenate: LK_CONCATENATE
    case .gather: LK_GATHER
    case .scatterAdd: LK_SCATTER_ADD
    case .cast: LK_CAST
    case .unary: LK_UNARY
    case .binary: LK_BINARY
    case .select: LK_SELECT
    case .reduce: LK_REDUCE
    case .argReduce: LK_ARG_REDUCE
    case .softmax: LK_SOFTMAX
    case .softmaxGradient: LK_SOFTMAX_GRADIENT
    case .logSoftmax: LK_LOG_SOFTMAX
    case .logSoftmaxGradient: LK_LOG_SOFTMAX_GRADIENT
    case .matmul: LK_MATMUL
    case .conv2D: LK_CONV2D
    case .conv2DInputGradient: LK_CONV2D_INPUT_GRADIENT
    case .conv2DWeightGradient: LK_CONV2D_WEIGHT_GRADIENT
    case .fusedConv2D: LK_FUSED_CONV2D
    case .fusedConv2DInputGradient: LK_FUSED_CONV2D_INPUT_GRADIENT
    case .fusedConv2DWeightGradient: LK_FUSED_CONV2D_WEIGHT_GRADIENT
    case .maxPool2D: LK_MAX_POOL2D
    case .maxPool2DGradient: LK_MAX_POOL2D_GRADIENT
    case .maxPool2DGather: LK_MAX_POOL2D_GATHER
    case .averagePool2D: LK_AVERAGE_POOL2D
    case .averagePool2DGradient: LK_AVERAGE_POOL2D_GRADIENT
    case .softmaxCrossEntropy: LK_SOFTMAX_CROSS_ENTROPY
    case .softmaxCrossEntropyGradient: LK_SOFTMAX_CROSS_ENTROPY_GRADIENT
    case .batchNorm: LK_BATCH_NORM
    case .batchNormGradient: LK_BATCH_NORM_GRADIENT
    case .batchNormInference: LK_BATCH_NORM_INFERENCE
    case .groupNorm: LK_GROUP_NORM
    case .groupNormGradient: LK_GROUP_NORM_GRADIENT
    case .sgd: LK_SGD
    case .adam: LK_ADAM
    }
  }

  fileprivate func encode(into attributes: inout lk_attributes) {
    switch self {
    case .fill(let fill): attributes.set(fill.value)
    case .transpose(let permutation): attributes.transpose.permutation = eight(permutation) { Int32($0) }
    case .slice(let slice):
      attributes.slice.starts = eight(slice.starts) { Int64($0) }
      attributes.slice.steps = eight(slice.steps) { Int64($0) }
    case .pad(let pad):
      attributes.pad.low = eight(pad.low) { Int64($0) }
      attributes.pad.interior = eight(pad.interior) { Int64($0) }
    case .concatenate(let axis), .gather(let axis), .scatterAdd(let axis, _):
      attributes.along_axis.axis = Int32(axis)
    case .unary(let function): attributes.elementwise.function = Int32(function.rawValue)
    case .binary(let function): attributes.elementwise.function = Int32(function.rawValue)
    case .reduce(let reduction, let axes):
      attributes.reduce.function = Int32(reduction.rawValue)
      attributes.reduce.axes = axes.reduce(0) { mask, axis in mask | 1 << UInt32(axis) }
    case .argReduce(let extremum, let axis):
      attributes.arg_reduce.extremum = Int32(extremum.rawValue)
      attributes.arg_reduce.axis = Int32(axis)
    case .matmul(let matmul):
      attributes.matmul.transpose_a = matmul.transposeA
      attributes.matmul.transpose_b = matmul.transposeB
    case .conv2D(let convolution), .conv2DInputGradient(let convolution, _, _),
      .conv2DWeightGradient(let convolution, _, _):
      attributes.set(convolution)
    case .fusedConv2D(let fused), .fusedConv2DInputGradient(let fused, _, _),
      .fusedConv2DWeightGradient(let fused, _, _):
      attributes.set(fused.convolution)
      attributes.conv2d.relu = fused.appliesReLU
      attributes.conv2d.pool_height = Int32(fused.poolSize?.height ?? 0)
      attributes.conv2d.pool_width = Int32(fused.poolSize?.width ?? 0)
    case .maxPool2D(let pooling), .maxPool2DGradient(let pooling, _, _), .maxPool2DGather(let pooling),
      .averagePool2D(let pooling), .averagePool2DGradient(let pooling, _, _):
      attributes.set(pooling)
    case .softmaxCrossEntropy(let smoothing), .softmaxCrossEntropyGradient(let smoothing):
      attributes.cross_entropy.label_smoothing = smoothing
    case .batchNorm(let normalization), .batchNormGradient(let normalization),
      .batchNormInference(let normalization):
      attributes.batch_norm.epsilon = normalization.epsilon
      attributes.batch_norm.relu = normalization.relu
    case .groupNorm(let normalization), .groupNormGradient(let normalization):
      attributes.group_norm.epsilon = normalization.epsilon
      attributes.group_norm.groups = Int64(normalization.groups)
    case .sgd(let step): attributes.set(step)
    case .adam(let step): attributes.set(step)
    case .reshape, .broadcast, .cast, .select, .softmax, .softmaxGradient, .logSoftmax, .logSoftmaxGradient:
      break  // Shapes and dtypes of the operands say it all.
    }
  }
}

extension lk_attributes {
  fileprivate mutating func set(_ value: Scalar) {
    switch value {
    case .integer(let integer):
      fill.integer = integer
      fill.is_integer = true
    case .real(let real):
      fill.real = real
      fill.is_integer = false
    }
  }

  fileprivate mutating func set(_ convolution: Convolution) {
    conv2d.window = lk_window(convolution.geometry)
    conv2d.groups = Int32(convolution.groups)
    conv2d.algorithm = Int32(convolution.algorithm.rawValue)
  }

  fileprivate mutating func set(_ pooling: Pooling) {
    pool2d.window = lk_window(pooling.geometry)
    pool2d.kernel_height = Int32(pooling.kernel.height)
    pool2d.kernel_width = Int32(pooling.kernel.width)
    pool2d.counts_padding = pooling.countsPadding
  }

  fileprivate mutating func set(_ step: SGDStep) {
    sgd.learning_rate = step.learningRate
    sgd.momentum = step.momentum
    sgd.weight_decay = step.weightDecay
    sgd.nesterov = step.nesterov
  }

  fileprivate mutating func set(_ step: AdamStep) {
    adam.step_size = step.stepSize
    adam.beta1 = step.beta1
    adam.beta2 = step.beta2
    adam.epsilon = step.epsilon
    adam.root_correction = step.rootCorrection
    adam.coupled_decay = step.coupledDecay
    adam.shrinkage = step.shrinkage
  }
}

/// What Swift makes of a C array of `LK_MAX_RANK` elements.
private typealias Eight<T> = (T, T, T, T, T, T, T, T)

/// At most eight values, converted, and zeros behind them.
private func eight<T: FixedWidthInteger>(_ values: [Int], _ convert: (Int) -> T) -> Eight<T> {
  func at(_ index: Int) -> T { index < values.count ? convert(values[index]) : 0 }
  return (at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7))
}
