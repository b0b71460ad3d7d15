import Synchronization

/// A backend that computes nothing and counts what it is asked for: every result is zeros, and memory is never
/// had. So a program's shapes can be tried and its work be known before anything is computed.
public final class CountingBackend: Backend {
  private struct State {
    var bufferCount: UInt64 = 0
    var work: [Origin: OperationWork] = [:]
  }

  /// Says that nothing is computed.
  public let descriptor = BackendDescriptor(
    name: "counting", architecture: BackendDescriptor.hostArchitecture, isaLevel: "none", threads: 1)
  private let state = Mutex(State())

  /// Creates a backend that has counted nothing.
  public init() {}

  /// The work that was asked for so far, by where it comes from.
  public var work: [Origin: OperationWork] { state.withLock { $0.work } }

  /// The floating-point operations of all that was asked for.
  public var floatingPointOperations: Double {
    work.values.reduce(0) { $0 + ($1.floatingPointOperations ?? 0) }
  }

  /// Everything is.
  public func supports(_ operation: Operation, _ dtype: DType) -> Bool { true }

  /// A number without memory.
  public func allocate(byteCount: Int) -> BufferID {
    state.withLock { state in
      state.bufferCount += 1
      return BufferID(rawValue: state.bufferCount)
    }
  }

  /// Nothing is there to give back.
  public func release(_ buffer: BufferID) {}

  /// Nothing is kept.
  public func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) {}

  /// Counts.
  public func submit(_ instruction: Instruction) {
    let work = instruction.work
    state.withLock { state in
      let before = state.work[instruction.origin]
      let operations = [before?.floatingPointOperations, work.floatingPointOperations].compactMap(\.self)
      state.work[instruction.origin] = OperationWork(
        floatingPointOperations: operations.isEmpty ? nil : operations.reduce(0, +),
        byteCount: (before?.byteCount ?? 0) + work.byteCount)
    }
  }

  /// Zeros.
  public func download(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    _ = bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// Nothing is to be waited for.
  public func synchronize() throws(BackendError) {}
}
