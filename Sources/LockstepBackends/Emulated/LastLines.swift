/// The end of what a process printed, by lines.
struct LastLines: Sendable {
  private static let longestLine = 500

  private let mostLines: Int
  private var complete: [String] = []
  private var partial: [UInt8] = []

  /// Keeps at most so many lines.
  init(atMost mostLines: Int = 20) { self.mostLines = mostLines }

  /// The lines, the oldest first.
  var lines: [String] {
    let last = String(decoding: partial, as: UTF8.self)
    return complete + (last.isEmpty ? [] : [last])
  }

  /// Takes what was printed next. Lines that are too long lose their ends, control characters become blanks.
  mutating func append(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        endLine()
      } else if partial.count < Self.longestLine {
        partial.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte)
      }
    }
  }

  private mutating func endLine() {
    if partial.contains(where: { $0 != UInt8(ascii: " ") }) {
      complete.append(String(decoding: partial, as: UTF8.self))
    }
    complete.removeFirst(max(0, complete.count - mostLines))
    partial.removeAll()
  }
}
