#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file of Linux's `/proc` or `/sys`, or one like them: lines of a key, a colon and a value. Empty where there is
/// none.
package struct ProcFile {
  /// The lines that are not empty.
  package let lines: [Substring]

  /// A file's text.
  package init(text: String) { lines = text.split(whereSeparator: \.isNewline) }

  /// Reads a file whose size the system does not say.
  package init(_ path: String) {
    guard let file = fopen(path, "r") else {
      self.init(text: "")
      return
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    self.init(text: String(decoding: bytes, as: UTF8.self))
  }

  /// The first line.
  package var firstLine: String? { lines.first.map(String.init) }

  /// The value behind a key, the first of several.
  package func value(of key: String) -> String? { values(of: key).first }

  /// The values behind a key, in order.
  package func values(of key: String) -> [String] {
    lines.compactMap { line in
      guard let colon = line.firstIndex(of: ":"), Self.trimmed(line[..<colon]) == key else { return nil }
      return Self.trimmed(line[line.index(after: colon)...])
    }
  }

  /// The number at the beginning of a value.
  package func number(of key: String) -> Double? {
    value(of: key).flatMap { $0.split(separator: " ").first }.flatMap { Double($0) }
  }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace: (Character) -> Bool = { $0.isWhitespace }
    let head = text.drop(while: isSpace)
    let tail = head.lastIndex { !$0.isWhitespace }
    return tail.map { String(head[...$0]) } ?? ""
  }
}
