public import LockstepCore
import Synchronization

/// The oracle: every operation in plain Swift, on one thread, with loops that follow the definition.
///
/// Floating-point operands are computed with in `Double`, sums accumulate in `Double`, and a result is
/// rounded to its element type once, at the end. Integers are computed with exactly and wrap around at their
/// width. Nothing is shared with the C kernels, so that a mistake there can't hide here.
///
/// Fresh buffers hold 0xFF bytes, which are NaN to floating-point tensors, in every build.
public final class ReferenceBackend: Backend {
  private let state = Mutex(State())

  /// Creates a backend with no buffers.
  public init() {}

  /// `reference`, computing on one thread without BLAS.
  public let descriptor = BackendDescriptor(
    name: "reference", architecture: BackendDescriptor.hostArchitecture, isaLevel: "swift", threads: 1)

  /// Whether the operation is defined on inputs of this dtype.
  public func supports(_ operation: Operation, _ dtype: DType) -> Bool {
    switch operation {
    case .fill, .reshape, .broadcast, .transpose, .slice, .pad, .concatenate, .gather, .cast, .select: true
    case .unary(let function): function.supports(dtype)
    case .binary(let function): function.supports(dtype)
    case .reduce(.mean, _), .reduce(.sumOfSquares, _): dtype.isFloatingPoint
    case .scatterAdd, .reduce, .argReduce: dtype.isNumeric
    case .softmax, .softmaxGradient, .logSoftmax, .logSoftmaxGradient, .matmul, .conv2D,
      .conv2DInputGradient, .conv2DWeightGradient, .fusedConv2D, .fusedConv2DInputGradient,
      .fusedConv2DWeightGradient, .maxPool2D, .maxPool2DGradient, .maxPool2DGather,
      .averagePool2D, .averagePool2DGradient, .batchNorm, .batchNormGradient, .batchNormInference,
      .groupNorm, .groupNormGradient,
      .softmaxCrossEntropy, .softmaxCrossEntropyGradient, .sgd, .adam:
      dtype.isFloatingPoint
    }
  }

  /// A new buffer, filled with 0xFF.
  public func allocate(byteCount: Int) -> BufferID {
    state.withLock { state in
      state.lastID += 1
      state.buffers[state.lastID] = [UInt8](repeating: 0xFF, count: byteCount)
      return BufferID(rawValue: state.lastID)
    }
  }

  /// Gives a buffer back.
  public func release(_ buffer: BufferID) {
    state.withLock { state in
      let removed = state.buffers.removeValue(forKey: buffer.rawValue)
      precondition(removed != nil, "release of an unknown buffer: \(buffer.rawValue)")
    }
  }

  /// Copies bytes into a buffer, from its beginning.
  public func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) {
    // The pointer would have to be sent into the closure's region; an array is a value.
    let bytes = [UInt8](bytes)
    state.withLock { state in
      guard state.failure == nil else { return }
      state.write(bytes, to: buffer)
    }
  }

  /// Executes an instruction.
  public func submit(_ instruction: Instruction) {
    state.withLock { state in
      guard state.failure == nil else { return }
      do throws(BackendError) {
        try state.execute(instruction)
      } catch {
        state.failure = error
      }
    }
  }

  /// Copies a buffer's first bytes out.
  public func download(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    let contents = try state.withLock { (state) throws(BackendError) in
      if let failure = state.failure { throw failure }
      return state.contents(of: buffer)
    }
    precondition(
      bytes.count <= contents.count, "download of \(bytes.count) bytes from a buffer of \(contents.count)")
    bytes.copyBytes(from: contents.prefix(bytes.count))
  }

  /// Throws the first failure; the work itself is done when it is submitted.
  public func synchronize() throws(BackendError) {
    let failure = state.withLock { $0.failure }
    if let failure { throw failure }
  }
}

extension ReferenceBackend {
  /// Buffers by number, and the first failure.
  private struct State {
    var buffers: [UInt64: [UInt8]] = [:]
    var lastID: UInt64 = 0
    var failure: BackendError?

    func contents(of buffer: BufferID) -> [UInt8] {
      guard let bytes = buffers[buffer.rawValue] else {
        preconditionFailure("use of an unknown buffer: \(buffer.rawValue)")
      }
      return bytes
    }

    mutating func write(_ bytes: [UInt8], to buffer: BufferID) {
      let size = contents(of: buffer).count
      precondition(bytes.count <= size, "write of \(bytes.count) bytes to a buffer of \(size)")
      buffers[buffer.rawValue]!.withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
    }

    mutating func execute(_ instruction: Instruction) throws(BackendError) {
      let inputs = instruction.inputs.map { operand in
        ReferenceTensor(operand.spec, bytes: contents(of: operand.buffer))
      }
      let results = try ReferenceKernels.evaluate(
        instruction.operation, inputs: inputs, outputs: instruction.outputs.map(\.spec),
        origin: instruction.origin)
      for (operand, result) in zip(instruction.outputs, results) {
        write(result.bytes, to: operand.buffer)
      }
    }
  }
}
