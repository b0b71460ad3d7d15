import CLockstepKernels
public import LockstepCore
import Synchronization

/// Executes instructions in this process: kernels in C and OpenBLAS, on a thread pool.
///
/// Instructions are executed as they are submitted, so a download never waits. The bits of a result depend on
/// the instruction-set level and on the BLAS core, both in the ``descriptor``, and not on the thread count.
public final class NativeBackend: Backend {
  /// CPU, kernels, threads: what the results depend on, and the speed.
  public let descriptor: BackendDescriptor
  private let state: Mutex<State>

  /// What the lock protects: the kernels' context and the memory they work on.
  private struct State: ~Copyable {
    let context: OpaquePointer
    var buffers = BufferTable()
    var failure: BackendError?

    init(context: OpaquePointer) { self.context = context }

    deinit { lk_context_destroy(context) }
  }

  /// Creates a backend.
  ///
  /// - Parameters:
  ///   - threads: how many threads compute; without it, as many as this process may use processors.
  ///   - isaLevel: the instruction-set level of the kernels, such as `x86-64-v3`; without it, the one the
  ///     environment variable `LOCKSTEP_ISA` names, else the best this CPU runs.
  public init(threads: Int? = nil, isaLevel: String? = nil) throws(NativeBackendError) {
    let isa = try ISALevel.resolve(isaLevel)
    let threads = threads ?? Int(lk_available_processors())
    guard threads >= 1 else { throw .invalidThreadCount(threads) }
    guard let count = Int32(exactly: threads), let context = lk_context_create(count, isa) else {
      throw .cannotStart(threads: threads)
    }
    state = Mutex(State(context: context))
    descriptor = BackendDescriptor(
      name: "native", architecture: BackendDescriptor.hostArchitecture,
      blasCore: String(cString: lk_blas_core()), blasLibrary: String(cString: lk_blas_config()),
      isaLevel: String(cString: lk_isa_name(isa)), threads: threads)
  }

  /// The instruction-set levels this CPU runs, lowest first.
  public static var availableISALevels: [String] { ISALevel.available }

  /// Whether there are kernels for the operation on this dtype.
  public func supports(_ operation: Operation, _ dtype: DType) -> Bool { operation.hasKernel(for: dtype) }

  /// Yes.
  public var updatesInPlace: Bool { true }

  /// A buffer from the cache, or from the system.
  public func allocate(byteCount: Int) -> BufferID {
    state.withLock { state in
      if state.failure == nil, let buffer = state.buffers.allocate(byteCount) { return buffer }
      state.failure = state.failure ?? .outOfMemory(byteCount: byteCount)
      return Self.noBuffer
    }
  }

  /// Gives a buffer back to the cache.
  public func release(_ buffer: BufferID) {
    guard buffer != Self.noBuffer else { return }
    state.withLock { $0.buffers.release(buffer) }
  }

  /// Copies bytes into a buffer.
  public func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) {
    let target = state.withLock { state in
      state.failure == nil ? state.buffers.location(of: buffer, holding: bytes.count) : nil
    }
    target?.bytes.copyMemory(from: bytes)
  }

  /// Executes the instruction before it returns.
  public func submit(_ instruction: Instruction) {
    state.withLock { state in
      guard state.failure == nil else { return }
      var encoded = lk_instruction()
      instruction.encode(into: &encoded) { state.buffers.address(of: $0) }
      let status = lk_execute(state.context, &encoded)
      state.failure = BackendError(
        status, of: instruction, missingBytes: Int(lk_context_missing_bytes(state.context)),
        backend: descriptor.name)
    }
  }

  /// Copies a buffer out, or throws the first failure.
  public func download(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    let source = try state.withLock { state throws(BackendError) in
      if let failure = state.failure { throw failure }
      return state.buffers.location(of: buffer, holding: bytes.count)
    }
    bytes.copyMemory(from: UnsafeRawBufferPointer(source.bytes))
  }

  /// Throws the first failure; there is nothing to wait for.
  public func synchronize() throws(BackendError) {
    try state.withLock { state throws(BackendError) in
      if let failure = state.failure { throw failure }
    }
  }

  /// Checks the result of an instruction that was submitted, where it lies and on the kernels' threads.
  func check(_ instruction: Instruction, signs: [Double]) throws(BackendError) -> ResultCheck {
    try state.withLock { state throws(BackendError) in
      if let failure = state.failure { throw failure }
      var encoded = instruction.encoded { state.buffers.address(of: $0) }
      return ResultCheck(&encoded, signs: signs, state.context)
    }
  }

  /// Times passes of `a[i] = b[i] + 3 · c[i]` over arrays of so many doubles, on the kernels' threads; fewer
  /// passes, in truth none, where there is no memory for the arrays.
  package func triadSeconds(elementCount: Int, repetitions: Int) -> [Double] {
    state.withLock { state in
      [Double](unsafeUninitializedCapacity: repetitions) { seconds, count in
        count = Int(
          lk_measure_triad(
            state.context, Int64(elementCount), Int32(repetitions), seconds.baseAddress))
      }
    }
  }

  /// What the memory under the buffers holds and has done.
  var memoryStatistics: CachingAllocator.Statistics { state.withLock { $0.buffers.statistics } }

  /// The number of buffers that could not be had; nothing touches them, since the failure is sticky.
  private static let noBuffer = BufferID(rawValue: .max)
}

extension Device {
  /// The native backend with all processors, made when first asked for. Traps where `LOCKSTEP_ISA` names a
  /// level that this CPU doesn't run; `NativeBackend()` throws that.
  public static let native: Device = {
    do throws(NativeBackendError) {
      return Device(try NativeBackend())
    } catch {
      trap("\(error)")
    }
  }()
}
