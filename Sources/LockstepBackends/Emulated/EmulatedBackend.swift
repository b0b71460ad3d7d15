import CLockstepKernels
public import LockstepCore
import Synchronization

/// Executes instructions in a worker process, usually under a binary translator.
///
/// The worker runs the native backend's kernels and OpenBLAS on the CPU that the translator shows it. With
/// ``Translator/none`` it is the control: the same process, protocol and kernels, without translation. So
/// native and control differ by dispatch, control and emulated by translation alone.
///
/// Instructions are queued, not awaited; memory is shared, so that an upload is one copy and a download waits
/// only for the instructions that write the buffer.
public final class EmulatedBackend: Backend {
  /// The worker's architecture, kernels and BLAS as it reports them, and what stands between it and the CPU.
  public let descriptor: BackendDescriptor
  private let state: Mutex<State>

  /// What the lock protects.
  fileprivate struct State {
    let link: WorkerLink
    var buffers = SharedBuffers()
    var failure: BackendError?
  }

  /// Starts a worker and checks that it is what was asked for.
  ///
  /// - Parameters:
  ///   - translator: what the worker runs under.
  ///   - profile: the CPU it is to see; without it ``CPUProfile/rosetta2Launch``.
  ///   - threads: how many threads compute; without it, as many as this process may use processors.
  public convenience init(
    translator: Translator, profile: CPUProfile = .rosetta2Launch, threads: Int? = nil
  ) throws(BackendError) {
    let threads = threads ?? Int(lk_available_processors())
    let worker = try WorkerLocation.find(architecture: profile.architecture)
    let launch = try WorkerLaunch(worker, translator: translator, profile: profile, threads: threads)
    try self.init(
      launch, translator: translator, profile: profile, threads: threads,
      watchdog: Watchdog(rate: translator.slowestRate))
  }

  init(
    _ launch: WorkerLaunch, translator: Translator, profile: CPUProfile, threads: Int, watchdog: Watchdog
  ) throws(BackendError) {
    trap(unless: threads >= 1, "threads must be at least 1, not \(threads)")
    let name = "\(translator == .none ? "control" : "emulated")-\(profile.shortArchitecture)"
    let link = try WorkerLink(launch, backendName: name, watchdog: watchdog, threads: threads)
    let handshake = link.handshake
    try handshake.check(against: profile, translator, threads: threads)
    descriptor = BackendDescriptor(
      name: name, architecture: handshake.architecture, blasCore: handshake.blasCore,
      blasLibrary: handshake.blasLibrary, isaLevel: handshake.isaLevel, threads: handshake.threads,
      translator: launch.describe(translator, profile),
      translatorName: translator == .none ? nil : translator.name, cpuProfile: profile.name,
      evidence: handshake.evidence)
    state = Mutex(State(link: link))
  }

  /// Whether the kernels compute the operation on inputs of this dtype.
  public func supports(_ operation: Operation, _ dtype: DType) -> Bool { operation.hasKernel(for: dtype) }

  /// Yes.
  public var updatesInPlace: Bool { true }

  /// A new buffer; memory follows when it is first written.
  public func allocate(byteCount: Int) -> BufferID {
    state.withLock { state in
      if state.failure == nil, let buffer = state.buffers.allocate(byteCount) { return buffer }
      state.failure = state.failure ?? .outOfMemory(byteCount: byteCount)
      return Self.noBuffer
    }
  }

  /// Gives a buffer back; its memory is reused in the order of the worker's commands.
  public func release(_ buffer: BufferID) {
    guard buffer != Self.noBuffer else { return }
    state.withLock { $0.buffers.release(buffer) }
  }

  /// Writes bytes into shared memory that no waiting command uses.
  public func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) {
    let byteCount = bytes.count
    let target = state.withLock { state in
      state.attempt { (state) throws(BackendError) in
        state.link.subject = nil
        return try state.buffers.destination(buffer, byteCount: byteCount, state.link)
      }
    }
    target?.bytes.copyMemory(from: bytes)
  }

  /// Queues an instruction; waits only where the queue of 256 is full.
  public func submit(_ instruction: Instruction) {
    state.withLock { state in
      state.attempt { (state) throws(BackendError) in try state.submit(instruction) }
    }
  }

  /// Waits for the instructions that write the buffer, and copies its first bytes out.
  public func download(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    let byteCount = bytes.count
    let source = try state.withLock { state throws(BackendError) in
      let source = state.attempt { (state) throws(BackendError) in
        try state.buffers.source(buffer, byteCount: byteCount, state.link)
      }
      guard let source else { throw state.failure! }
      return source
    }
    bytes.copyMemory(from: UnsafeRawBufferPointer(source.bytes))
  }

  /// Waits for all instructions submitted so far.
  public func synchronize() throws(BackendError) {
    try state.withLock { state throws(BackendError) in
      state.attempt { (state) throws(BackendError) in try state.link.wait(until: state.link.given) }
      if let failure = state.failure { throw failure }
    }
  }

  /// The worker's process number; for tests.
  var workerProcess: Int32 { state.withLock { $0.link.processIdentifier } }

  /// The number of buffers that could not be had; nothing touches them, since the failure is sticky.
  private static let noBuffer = BufferID(rawValue: .max)
}

extension EmulatedBackend: HostReadableBackend {
  func locations(of operands: [Operand]) throws(BackendError) -> [MemoryLocation] {
    try state.withLock { state throws(BackendError) in
      let locations = state.attempt { (state) throws(BackendError) in
        var locations: [MemoryLocation] = []
        for operand in operands {
          locations.append(
            try state.buffers.source(operand.buffer, byteCount: operand.spec.byteCount, state.link))
        }
        return locations
      }
      guard let locations else { throw state.failure! }
      return locations
    }
  }
}

extension EmulatedBackend.State {
  /// Does something unless there was a failure before, and notes one.
  @discardableResult
  fileprivate mutating func attempt<R>(_ body: (inout Self) throws(BackendError) -> R) -> R? {
    guard failure == nil else { return nil }
    do throws(BackendError) {
      return try body(&self)
    } catch {
      failure = error
      return nil
    }
  }

  fileprivate mutating func submit(_ instruction: Instruction) throws(BackendError) {
    link.subject = instruction
    // Memory first: having it may take commands, too.
    try buffers.prepare(instruction.inputs, link)
    try buffers.prepare(instruction.outputs, link)
    let encoded = instruction.encoded { buffers.data(of: $0) }
    try link.execute(encoded)
    buffers.note(reads: instruction.inputs, writes: instruction.outputs, doneAt: link.given)
  }
}
