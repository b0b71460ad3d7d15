#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file of Linux's `/proc` or `/sys`: lines of a key, a colon and a value. Empty where there is none.
struct ProcFile {
  private let lines: [Substring]

  /// Reads a file whose size the system does not say.
  init(_ path: String) {
    guard let file = fopen(path, "r") else {
      lines = []
      return
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  /// The first line.
  var firstLine: String? { lines.first.map(String.init) }

  /// The value behind a key, the first of several.
  func value(of key: String) -> String? {
    for line in lines {
      guard let colon = line.firstIndex(of: ":") else { continue }
      if Self.trimmed(line[..<colon]) == key { return Self.trimmed(line[line.index(after: colon)...]) }
    }
    return nil
  }

  /// The number at the beginning of a value.
  func number(of key: String) -> Double? {
    value(of: key).flatMap { $0.split(separator: " ").first }.flatMap { Double($0) }
  }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace: (Character) -> Bool = { $0.isWhitespace }
    let head = text.drop(while: isSpace)
    let tail = head.lastIndex { !$0.isWhitespace }
    return tail.map { String(head[...$0]) } ?? ""
  }
}
