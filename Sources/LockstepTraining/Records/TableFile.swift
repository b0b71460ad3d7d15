import LockstepData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A growing file of comma-separated values: a header, then rows that begin with a number that rises.
final class TableFile {
  /// Rows are collected up to this size, so that a small net is not slowed by the file.
  private static let bufferSize = 16 << 10

  private let path: String
  private let descriptor: Int32
  private var pending: [UInt8] = []
  /// The file's length: whole rows.
  private var size: Int

  /// Begins a file.
  ///
  /// - Parameter rows: what it has to begin with.
  init(path: String, header: String, rows: [String]) throws(RunFolderError) {
    self.path = path
    let contents = Array(([header] + rows).map { $0 + "\n" }.joined().utf8)
    size = contents.count
    do {
      try AtomicFile.write(contents, to: path)
    } catch {
      throw RunFolderError("\(path) can't be written: \(error)")
    }
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw RunFolderError("\(path) can't be written: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  func append(_ row: String) throws(RunFolderError) {
    pending += row.utf8
    pending.append(UInt8(ascii: "\n"))
    if pending.count >= Self.bufferSize { try flush() }
  }

  func flush() throws(RunFolderError) {
    do {
      try AtomicFile.writeAll(pending, to: descriptor)
    } catch {
      // On a full disk a row may be there in part.
      _ = ftruncate(descriptor, off_t(size))
      throw RunFolderError("\(path) can't be written: \(error)")
    }
    size += pending.count
    pending.removeAll(keepingCapacity: true)
  }

  /// The rows of a file up to the one of a number; one that a crash left incomplete is left out: "12" may be the
  /// beginning of "123,…". Where the file has fewer columns than `header`, since an older version wrote it, each
  /// row ends with empty fields.
  static func rows(of path: String, header: String, through last: Int = .max) throws(RunFolderError)
    -> [String]
  {
    let bytes: [UInt8]
    do {
      bytes = try FileReader.read(path)
    } catch {
      throw RunFolderError("\(path) can't be read: \(error)")
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let wanted = commaCount(header[...])
    guard let width = lines.first.map(commaCount), width <= wanted else { return [] }
    let padding = String(repeating: ",", count: wanted - width)
    return lines.dropFirst()
      .filter { row in commaCount(row) == width && Int(row.prefix { $0 != "," }).map { $0 <= last } ?? false }
      .map { $0 + padding }
  }

  private static func commaCount(_ row: Substring) -> Int {
    row.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: ",") ? 1 : 0) }
  }
}
