import CLockstepKernels
import CLockstepLink
import LockstepCore

/// The host's end of the connection to a worker: starts it, gives it commands, and waits for them.
///
/// A command is known by its number: how many were given before it. Used by one thread at a time.
final class WorkerLink {
  /// How long one sleep lasts before the worker's health is looked at.
  private static let slice: Int32 = 100

  private static let ringSize = UInt64(LK_LINK_RING_SIZE)

  /// The file whose segments hold the operands.
  let data: SharedFile
  /// What the worker says it is.
  let handshake: WorkerHandshake
  /// The name in messages.
  private let backendName: String
  private let mapping: SharedMapping
  private let link: OpaquePointer
  private let process: WorkerProcess
  private let watchdog: Watchdog
  private var spin: lk_spin
  /// For every command in the ring the instruction it belongs to; where a failed one is found.
  private var journal = [Instruction?](repeating: nil, count: Int(LK_LINK_RING_SIZE))
  private var seenTail: UInt64 = 0

  /// The instruction that commands are given for; nil for an upload.
  var subject: Instruction?
  /// How many commands were given.
  private(set) var given: UInt64 = 0

  /// Starts a worker and waits for its handshake.
  init(_ launch: WorkerLaunch, backendName: String, watchdog: Watchdog, threads: Int) throws(BackendError) {
    self.backendName = backendName
    self.watchdog = watchdog
    let control = try SharedFile("lockstep-control")
    try control.resize(to: lk_link_size())
    mapping = try SharedMapping(control, offset: 0, byteCount: lk_link_size())
    link = OpaquePointer(mapping.base)
    lk_link_initialize(link)
    data = try SharedFile("lockstep-data")
    let bare = launch.usesBareExecutable ? try BareExecutable.copy(of: launch.worker.path) : nil
    process = try WorkerProcess(
      launch, WorkerProcess.Resources(control: control, data: data, bareExecutable: bare))
    spin = lk_spin_create(lk_available_processors() > threads)
    handshake = try Self.awaitHandshake(link, process, limit: watchdog.startLimit)
  }

  /// How many commands are done.
  var done: UInt64 {
    seenTail = lk_link_done(link)
    return seenTail
  }

  /// Gives the worker the subject, its operands encoded by segment and offset.
  func execute(_ encoded: borrowing lk_instruction) throws(BackendError) {
    let slot = try freeSlot()
    slot.pointee.kind = UInt32(LK_COMMAND_EXECUTE)
    slot.pointee.body.instruction = copy encoded
    publish()
  }

  /// Has the worker map a segment.
  func map(_ segment: lk_segment) throws(BackendError) {
    try give(LK_COMMAND_MAP_SEGMENT, segment)
  }

  /// Has the worker unmap a segment and give its memory back.
  func unmap(_ segment: lk_segment) throws(BackendError) {
    try give(LK_COMMAND_UNMAP_SEGMENT, segment)
  }

  /// Has the worker fill memory with NaN patterns.
  func poison(_ data: UInt64, byteCount: Int) throws(BackendError) {
    let slot = try freeSlot()
    slot.pointee.kind = UInt32(LK_COMMAND_POISON)
    slot.pointee.body.poison = lk_poison(data: data, byte_count: UInt64(byteCount))
    publish()
  }

  /// Waits until `count` commands are done.
  ///
  /// - Throws: the first failure of the worker, of whatever command.
  func wait(until count: UInt64) throws(BackendError) {
    try waitForTail(count)
    if let failure { throw failure }
  }

  /// The worker's number; for tests.
  var processIdentifier: Int32 { process.identifier }
}

extension WorkerLink {
  private func give(_ kind: Int, _ segment: lk_segment) throws(BackendError) {
    let slot = try freeSlot()
    slot.pointee.kind = UInt32(kind)
    slot.pointee.body.segment = segment
    publish()
  }

  private func publish() {
    given += 1
    lk_link_publish(link)
  }

  /// The slot of the next command. While the ring is full it waits until a quarter of it is free, so that host
  /// and worker do not take turns.
  private func freeSlot() throws(BackendError) -> UnsafeMutablePointer<lk_command> {
    if given - seenTail == Self.ringSize, given - done == Self.ringSize {
      try waitForTail(given - Self.ringSize * 3 / 4)
    }
    // Before the entry of a command that may have failed is overwritten.
    if let failure { throw failure }
    journal[Int(given % Self.ringSize)] = subject
    return lk_link_slot(link, given)
  }

  /// What the worker could not do first, or nil.
  private var failure: BackendError? {
    let failure = lk_link_failure(link)
    guard failure.status != LK_OK else { return nil }
    let missing = Int(failure.missing_bytes)
    guard let instruction = journal[Int(failure.command % Self.ringSize)] else {
      return .outOfMemory(byteCount: missing)
    }
    return BackendError(failure.status, of: instruction, missingBytes: missing, backend: backendName)
  }

  private func waitForTail(_ count: UInt64) throws(BackendError) {
    guard seenTail < count else { return }
    var lastTail = done
    var lastProgress = SuspendingClock.now
    while !lk_link_wait_until_done(link, count, &spin, Self.slice) {
      if let end = process.end, done < count { throw died(end) }
      if done != lastTail {
        lastTail = seenTail
        lastProgress = .now
      }
      let silence = lastProgress.duration(to: .now)
      if silence > watchdog.limit(for: current) { throw hung(silence) }
    }
    seenTail = count
  }

  /// The instruction under way.
  private var current: Instruction? { journal[Int(done % Self.ringSize)] }

  private func died(_ end: WorkerEnd) -> BackendError {
    .workerExited(
      end, operation: currentName, origin: current?.origin ?? Origin(), lastLines: process.lastLines)
  }

  private func hung(_ silence: Duration) -> BackendError {
    let error = BackendError.workerHung(
      operation: currentName, origin: current?.origin ?? Origin(), seconds: Int(silence.components.seconds))
    process.kill()
    return error
  }

  private var currentName: String { current?.operation.name ?? "an upload" }

  private static func awaitHandshake(
    _ link: OpaquePointer, _ process: WorkerProcess, limit: Duration
  ) throws(BackendError) -> WorkerHandshake {
    let start = SuspendingClock.now
    while !lk_link_wait_until_ready(link, slice) {
      if process.end != nil, !lk_link_wait_until_ready(link, 0) {
        try checkVersion(link)
        throw .workerFailedToStart(lastLines: process.lastLines)
      }
      if start.duration(to: .now) > limit {
        throw .workerFailedToStart(lastLines: process.lastLines + ["no handshake within \(limit)"])
      }
    }
    try checkVersion(link)
    return WorkerHandshake(lk_link_handshake(link).pointee)
  }

  /// A worker that got as far as the control memory says which protocol it speaks.
  private static func checkVersion(_ link: OpaquePointer) throws(BackendError) {
    let found = lk_link_worker_protocol(link)
    let expected = lk_link_own_protocol()
    guard found.version != 0, found.text != expected.text else { return }
    throw .handshakeMismatch(what: "protocol", expected: expected.text, found: found.text)
  }
}

extension lk_protocol {
  fileprivate var text: String { "version \(version) with commands of \(command_size) bytes" }
}
