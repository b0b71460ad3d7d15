import LockstepCore
import Synchronization

/// A backend that keeps bytes and instructions but computes nothing: results are zeros.
///
/// Enough for what Core does by itself, and it tells what Core asked for.
final class MemoryBackend: Backend {
  private struct State {
    var buffers: [UInt64: [UInt8]] = [:]
    var nextID: UInt64 = 0
    var counts: [Int] = []
    var instructions: [Instruction] = []
  }

  private let state = Mutex(State())
  private let failure: BackendError?

  /// - Parameter failure: what every download and synchronization throws.
  init(failure: BackendError? = nil) { self.failure = failure }

  /// The number of buffers allocated and not released.
  var liveBuffers: Int { state.withLock { $0.buffers.count } }
  /// The number of buffers alive as each instruction was submitted.
  var liveBuffersByInstruction: [Int] { state.withLock { $0.counts } }
  /// What was submitted so far.
  var instructions: [Instruction] { state.withLock { $0.instructions } }

  let descriptor = BackendDescriptor(name: "memory", architecture: "none", isaLevel: "none", threads: 1)

  func supports(_ operation: LockstepCore.Operation, _ dtype: DType) -> Bool { true }

  func allocate(byteCount: Int) -> BufferID {
    state.withLock { state in
      state.nextID += 1
      state.buffers[state.nextID] = [UInt8](repeating: 0, count: byteCount)
      return BufferID(rawValue: state.nextID)
    }
  }

  func release(_ buffer: BufferID) {
    let removed = state.withLock { $0.buffers.removeValue(forKey: buffer.rawValue) }
    precondition(removed != nil, "buffer \(buffer.rawValue) was released twice")
  }

  func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) {
    let bytes = Array(bytes)
    state.withLock { $0.buffers[buffer.rawValue]!.replaceSubrange(0..<bytes.count, with: bytes) }
  }

  func submit(_ instruction: Instruction) {
    state.withLock { state in
      state.instructions.append(instruction)
      state.counts.append(state.buffers.count)
    }
  }

  func download(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    if let failure { throw failure }
    let contents = state.withLock { $0.buffers[buffer.rawValue]! }
    bytes.copyBytes(from: contents.prefix(bytes.count))
  }

  func synchronize() throws(BackendError) {
    if let failure { throw failure }
  }
}
