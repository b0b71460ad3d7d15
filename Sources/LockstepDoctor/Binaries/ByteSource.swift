import LockstepData

/// A file's bytes, or an array of them, by their place. Files of gigabytes are read where something is to be
/// found, never as a whole.
struct ByteSource {
  /// How many bytes there are.
  let size: Int
  private let bytes: (Int, Int) throws(BinaryError) -> [UInt8]

  init(_ array: [UInt8]) {
    size = array.count
    bytes = { (offset, count) throws(BinaryError) in Array(array[offset..<offset + count]) }
  }

  /// Opens a file.
  init(path: String) throws(BinaryError) {
    do throws(FileError) {
      let file = SharedOpenFile(try OpenFile(path))
      size = file.size
      bytes = { (offset, count) throws(BinaryError) in
        do throws(FileError) {
          return try file.read(at: offset, count: count)
        } catch {
          throw .unreadable(error.reason)
        }
      }
    } catch {
      throw .unreadable(error.reason)
    }
  }

  /// Exactly the `count` bytes from `offset` on.
  ///
  /// - Parameters:
  ///   - what: what they are, for the message where they are not there.
  ///   - limit: more are not believed.
  func read(
    at offset: UInt64, count: UInt64, limit: Int = 1 << 24, _ what: String
  ) throws(BinaryError) -> Bytes {
    guard count <= UInt64(limit) else { throw .malformed("\(what) of \(count) bytes") }
    let (end, overflows) = offset.addingReportingOverflow(count)
    guard !overflows, end <= UInt64(size) else {
      throw .malformed("\(what) at \(offset), of \(count) bytes, in a file of \(size)")
    }
    let result = try bytes(Int(offset), Int(count))
    guard result.count == Int(count) else { throw .malformed("\(what) is cut off") }
    return Bytes(result)
  }

  /// Those of the `count` bytes from `offset` on that are there.
  func readSome(at offset: Int, count: Int) throws(BinaryError) -> [UInt8] {
    guard (0...size).contains(offset), count > 0 else { return [] }
    return try bytes(offset, min(count, size - offset))
  }
}

/// An open file that several closures hold.
private final class SharedOpenFile {
  private let file: OpenFile

  init(_ file: consuming OpenFile) { self.file = file }

  var size: Int { file.size }

  func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    try file.read(at: offset, count: count)
  }
}

/// Why a file is not understood.
enum BinaryError: Error, Hashable, CustomStringConvertible {
  /// The system does not let it be read.
  case unreadable(String)
  /// Its headers contradict themselves or the file.
  case malformed(String)

  var description: String {
    switch self {
    case .unreadable(let reason): reason
    case .malformed(let what): "malformed: \(what)"
    }
  }
}

/// Bytes from which numbers are read; zero where there are none, since their number was checked before.
struct Bytes {
  let array: [UInt8]
  /// Whether the most significant byte comes first.
  var isBigEndian = false

  init(_ array: [UInt8]) { self.array = array }

  func uint16(_ offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: number(offset, 2)) }

  func uint32(_ offset: Int) -> UInt32 { UInt32(truncatingIfNeeded: number(offset, 4)) }

  func uint64(_ offset: Int) -> UInt64 { number(offset, 8) }

  private func number(_ offset: Int, _ count: Int) -> UInt64 {
    guard offset >= 0, offset <= array.count - count else { return 0 }
    let bytes = array[offset..<offset + count]
    return isBigEndian
      ? bytes.reduce(0) { $0 << 8 | UInt64($1) } : bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The text from `offset` to the next zero, or to the end.
  func text(_ offset: Int) -> String {
    guard offset >= 0, offset < array.count else { return "" }
    return String(decoding: array[offset...].prefix { $0 != 0 }, as: UTF8.self)
  }
}
