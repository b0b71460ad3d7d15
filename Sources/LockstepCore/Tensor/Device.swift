import Synchronization

/// Where tensors live and are computed: a backend, called by one thread at a time.
public final class Device: Sendable {
  /// What executes.
  public let backend: any Backend
  /// Whose turn it is, and what is kept between turns.
  private let turn = Mutex(ConstantTable())

  /// Creates a device; tensors of two devices can't be operands of one operation.
  public init(_ backend: any Backend) { self.backend = backend }

  /// Waits until everything asked of the device so far is computed.
  ///
  /// - Throws: the first failure of the environment since the device was made.
  public func synchronize() throws(BackendError) {
    try turn.withLock { _ throws(BackendError) in try backend.synchronize() }
  }

  func allocate(_ spec: TensorSpec) -> BufferID {
    turn.withLock { _ in backend.allocate(byteCount: spec.byteCount) }
  }

  func release(_ buffer: BufferID) {
    turn.withLock { _ in backend.release(buffer) }
  }

  func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) {
    turn.withLock { _ in backend.upload(bytes, to: buffer) }
  }

  /// Asks for an operation's results, in new buffers, in one turn: allocating in turns of their own would
  /// cost as much as the rest of a small operation.
  func execute(
    _ operation: Operation, _ inputs: [Tensor], outputs specs: [TensorSpec], _ origin: Origin
  ) -> [Operand] {
    let operands = inputs.map(\.operand)
    return turn.withLock { _ in
      let outputs = specs.map { Operand(backend.allocate(byteCount: $0.byteCount), $0) }
      backend.submit(Instruction(operation, inputs: operands, outputs: outputs, origin: origin))
      return outputs
    }
  }

  /// ``execute(_:_:outputs:_:)`` for an operation with one result and at most two operands.
  func execute(
    _ operation: Operation, _ lhs: Operand, _ rhs: Operand?, output spec: TensorSpec, _ origin: Origin
  ) -> BufferID {
    let operands = rhs.map { [lhs, $0] } ?? [lhs]
    return turn.withLock { _ in
      let buffer = backend.allocate(byteCount: spec.byteCount)
      backend.submit(
        Instruction(operation, inputs: operands, outputs: [Operand(buffer, spec)], origin: origin))
      return buffer
    }
  }

  /// Asks for an operation whose results take the place of operands.
  func execute(_ operation: Operation, _ inputs: [Operand], replacing outputs: [Operand], _ origin: Origin) {
    turn.withLock { _ in
      backend.submit(Instruction(operation, inputs: inputs, outputs: outputs, origin: origin))
    }
  }

  /// A buffer with one element, given by its bytes, and whether it is kept: such a one is not to be released.
  func constant(_ bits: UInt64, _ dtype: DType) -> (buffer: BufferID, isKept: Bool) {
    turn.withLock { constants in
      if let buffer = constants[bits, dtype] { return (buffer, true) }
      let buffer = backend.allocate(byteCount: dtype.byteCount)
      withUnsafeBytes(of: bits) { bytes in
        backend.upload(UnsafeRawBufferPointer(rebasing: bytes[..<dtype.byteCount]), to: buffer)
      }
      return (buffer, constants.keep(buffer, bits, dtype))
    }
  }

  func download(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    try turn.withLock { _ throws(BackendError) in try backend.download(buffer, into: bytes) }
  }
}

extension Device {
  private static let processDefault = Mutex<Device?>(nil)
  @TaskLocal static var taskDefault: Device?

  /// The device of tensors made without naming one. Set it once, at the start of the program; reading it
  /// before traps.
  public static var `default`: Device {
    get {
      guard let device = taskDefault ?? processDefault.withLock({ $0 }) else {
        trap("no default device: set one first, such as Device.default = .native")
      }
      return device
    }
    set { processDefault.withLock { $0 = newValue } }
  }

  /// Runs a closure with this device as the default of its task.
  public func asDefault<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // TaskLocal.withValue rethrows untyped, so the failure travels as a value.
    let outcome = Device.$taskDefault.withValue(self) { () -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}
