import LockstepData
import SwiftProtobuf

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file of TensorBoard's: records of a length, its check sum, an event, its check sum. What a crash leaves is
/// readable up to the last whole record.
final class EventFile {
  /// Records are collected up to this size, so that a small net is not slowed by the file.
  private static let bufferSize = 16 << 10

  let path: String
  /// Whether there is a number in it.
  private(set) var hasScalars = false
  private let descriptor: Int32
  private var pending: [UInt8] = []
  /// The file's length: whole records.
  private var size = 0

  /// Begins a file, which must not be there.
  init(path: String) throws(TensorBoardError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw TensorBoardError("\(path) can't be written: \(String(cString: strerror(errno)))")
    }
    var first = Tensorboard_Event()
    first.wallTime = EventFile.now
    first.fileVersion = "brain.Event:2"
    try append(first)
    try flush()
  }

  deinit { close(descriptor) }

  /// Adds numbers of a step.
  func append(_ scalars: KeyValuePairs<String, Float>, step: Int) throws(TensorBoardError) {
    var event = Tensorboard_Event()
    event.wallTime = EventFile.now
    event.step = Int64(step)
    event.summary.value = scalars.map { tag, number in
      var value = Tensorboard_Summary.Value()
      value.tag = tag
      value.simpleValue = number
      return value
    }
    try append(event)
    hasScalars = true
  }

  /// Writes what was collected.
  func flush() throws(TensorBoardError) {
    do {
      try AtomicFile.writeAll(pending, to: descriptor)
    } catch {
      // On a full disk a record may be there in part.
      _ = ftruncate(descriptor, off_t(size))
      throw TensorBoardError("\(path) can't be written: \(error)")
    }
    size += pending.count
    pending.removeAll(keepingCapacity: true)
  }

  private func append(_ event: Tensorboard_Event) throws(TensorBoardError) {
    do {
      pending += EventFile.record(try event.serializedBytes())
    } catch {
      throw TensorBoardError("\(path): an event can't be encoded: \(error)")
    }
    if pending.count >= EventFile.bufferSize { try flush() }
  }

  /// A record of bytes.
  static func record(_ bytes: [UInt8]) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Array($0) }
    func sum(_ bytes: [UInt8]) -> [UInt8] {
      withUnsafeBytes(of: MaskedChecksum.masked(bytes).littleEndian) { Array($0) }
    }
    return length + sum(length) + bytes + sum(bytes)
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// Why events can't be written.
public struct TensorBoardError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file and the system's reason.
  public let description: String

  init(_ description: String) { self.description = description }
}
