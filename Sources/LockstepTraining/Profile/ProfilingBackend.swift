public import LockstepCore
import Synchronization

/// A backend that takes down how long another needs for everything it is asked for.
///
/// It waits after each instruction, so that an instruction's time is its own. What a backend does in the
/// meantime, such as taking instructions in while others are computed, is lost: all of it together takes longer
/// than without a profile, and results are the same.
public final class ProfilingBackend: BackendDecorator {
  /// What was asked for since the last time somebody looked.
  struct Recording: Sendable {
    /// Instructions, uploads and downloads, in order.
    var events: [Event] = []
    /// Taking and giving back memory.
    var memorySeconds = 0.0
    /// When the first of all was asked for, in seconds since the backend was made; nil of none.
    var begin: Double?
  }

  /// Something that was asked for.
  struct Event: Sendable {
    enum Kind: Sendable {
      case instruction(Instruction)
      case upload(byteCount: Int)
      case download(byteCount: Int)
    }

    let kind: Kind
    /// Seconds since the backend was made.
    let begin: Double
    let seconds: Double
  }

  /// Who computes.
  public let inner: any Backend
  private let clock = ContinuousClock()
  private let origin: ContinuousClock.Instant
  private let recording = Mutex(Recording())

  /// Creates a profile of a backend.
  public init(_ inner: any Backend) {
    self.inner = inner
    origin = clock.now
  }

  /// Seconds since the backend was made.
  var now: Double { origin.duration(to: clock.now).seconds }

  /// What was asked for since the last call.
  func takeRecording() -> Recording {
    recording.withLock { recording in
      defer { recording = Recording() }
      return recording
    }
  }

  /// What the inner backend does: a profile is of the same work.
  public var updatesInPlace: Bool { inner.updatesInPlace }

  /// Takes down how long it takes to have memory.
  public func allocate(byteCount: Int) -> BufferID {
    let begin = now
    defer { noteMemory(begin) }
    return inner.allocate(byteCount: byteCount)
  }

  /// Takes down how long it takes to give memory back.
  public func release(_ buffer: BufferID) {
    let begin = now
    inner.release(buffer)
    noteMemory(begin)
  }

  /// Takes down how long the copy takes.
  public func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) {
    let begin = now
    inner.upload(bytes, to: buffer)
    note(.upload(byteCount: bytes.count), begin)
  }

  /// Takes down how long the instruction takes, to its end.
  public func submit(_ instruction: Instruction) {
    let begin = now
    inner.submit(instruction)
    // A failure is sticky: whoever downloads next is told.
    try? inner.synchronize()
    note(.instruction(instruction), begin)
  }

  /// Takes down how long the copy takes.
  public func download(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    let begin = now
    try inner.download(buffer, into: bytes)
    note(.download(byteCount: bytes.count), begin)
  }

  private func note(_ kind: Event.Kind, _ begin: Double) {
    let event = Event(kind: kind, begin: begin, seconds: now - begin)
    recording.withLock { recording in
      recording.begin = recording.begin ?? begin
      recording.events.append(event)
    }
  }

  private func noteMemory(_ begin: Double) {
    let seconds = now - begin
    recording.withLock { recording in
      recording.begin = recording.begin ?? begin
      recording.memorySeconds += seconds
    }
  }
}
