import LockstepData
import LockstepReports

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where text goes for a person: standard output or standard error.
struct Terminal: Sendable {
  /// What makes text stand out, on a terminal.
  enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  static let standardOutput = Terminal(descriptor: STDOUT_FILENO)
  static let standardError = Terminal(descriptor: STDERR_FILENO)

  private let descriptor: Int32
  /// Whether a person watches, so that a line may be drawn anew.
  let isInteractive: Bool
  private let hasColor: Bool

  private init(descriptor: Int32) {
    self.descriptor = descriptor
    let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    isInteractive = isatty(descriptor) == 1 && !isDumb
    // https://no-color.org: set and not empty.
    let forbidsColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    hasColor = isInteractive && !forbidsColor
  }

  /// Writes a line, for whoever may be there to read it.
  func write(_ line: String) { try? writeBytes(line + "\n") }

  /// Writes what a command was asked for. A reader that has gone has all it wanted; anything else that keeps
  /// the text from being written is an error.
  func writeResult(_ text: String) throws {
    do {
      try writeBytes(text + "\n")
    } catch  where errno != EPIPE {
      throw CommandFailure("the result can't be written: \(error)")
    } catch {}
  }

  /// Writes an error, in one line whatever is in the message.
  func writeError(_ message: String) {
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    write("\(style(.red, "error:")) \(line)")
  }

  /// Writes what must not be overlooked.
  func writeWarning(_ message: String) { write("\(style(.red, "warning:")) \(message)") }

  /// Draws a line over the one drawn before; the cursor stays in it.
  func redraw(_ line: String) { try? writeBytes("\r\u{1B}[K" + String(line.prefix(lineWidth))) }

  /// Wipes the line drawn last.
  func clearLine() { if isInteractive { try? writeBytes("\r\u{1B}[K") } }

  /// The text in a style, where there is colour.
  func style(_ style: Style, _ text: String) -> String {
    hasColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// How charts are drawn here.
  var textStyle: TextStyle { TextStyle(isColored: hasColor) }

  /// Columns of the line that is drawn anew: all but those the terminal echoes `^C` in.
  var lineWidth: Int { max(0, width - 3) }

  /// Columns of a table of any length: a program that reads it wants a row a line.
  var tableWidth: Int { knownWidth ?? 10_000 }

  /// Columns; 80 where there is no terminal.
  private var width: Int { knownWidth ?? 80 }

  private var knownWidth: Int? {
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : nil
  }

  private func writeBytes(_ text: String) throws(FileError) {
    try AtomicFile.writeAll(Array(text.utf8), to: descriptor)
  }
}
