/// A table as text: comma-separated values by RFC 4180, or with semicolons or tabs for commas.
struct DelimitedText {
  /// A row, with the line it begins in.
  struct Row {
    let line: Int
    let cells: [String]
  }

  /// More rows than any training logs; what has more is no loss curve.
  static let rowLimit = 10_000_000
  /// A longer cell is no number and no name: most likely the file is no table at all.
  static let cellLimit = 1 << 16

  private(set) var rows: [Row] = []
  private let path: String
  private let delimiter: UInt8

  /// Reads a table. Lines may end in LF, CRLF or CR; a byte-order mark is passed over; empty lines are no rows.
  ///
  /// - Throws: ``CurveError`` with the line of a quote that is never closed, or of text after a closing one.
  init(_ bytes: [UInt8], path: String) throws(CurveError) {
    self.path = path
    let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let text = bytes.dropFirst(isMarked ? 3 : 0)
    delimiter = Self.delimiter(of: text)
    try parse(text)
  }

  /// The one of comma, semicolon and tab that the first line has most of, outside of quotes.
  private static func delimiter(of text: ArraySlice<UInt8>) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in text.prefix(while: { $0 != Ascii.lineFeed && $0 != Ascii.carriageReturn }) {
      if byte == Ascii.quote { isQuoted.toggle() }
      if !isQuoted { counts[byte, default: 0] += 1 }
    }
    let candidates = [Ascii.comma, Ascii.semicolon, Ascii.tab]
    return candidates.max { counts[$0, default: 0] < counts[$1, default: 0] }
      .flatMap { counts[$0] == nil ? nil : $0 } ?? Ascii.comma
  }

  private mutating func parse(_ text: ArraySlice<UInt8>) throws(CurveError) {
    var position = text.startIndex
    var line = 1
    while position < text.endIndex {
      let first = line
      var cells: [String] = []
      var isRowOver = false
      while !isRowOver {
        cells.append(try cell(text, &position, &line))
        isRowOver = position == text.endIndex || text[position] != delimiter
        position += isRowOver ? 0 : 1
      }
      Self.skipLineEnd(text, &position, &line)
      if cells != [""] { rows.append(Row(line: first, cells: cells)) }
      guard rows.count <= Self.rowLimit else {
        throw CurveError(path, line: first, "more than \(Self.rowLimit) rows")
      }
    }
  }

  /// Reads a cell, up to the delimiter or line end behind it.
  private func cell(
    _ text: ArraySlice<UInt8>, _ position: inout Int, _ line: inout Int
  ) throws(CurveError) -> String {
    var contents: [UInt8] = []
    if position < text.endIndex, text[position] == Ascii.quote {
      contents = try quotedCell(text, &position, &line)
      guard position == text.endIndex || isEnd(text[position]) else {
        throw CurveError(path, line: line, "text after a closing quote")
      }
    } else {
      let end = text[position...].firstIndex(where: isEnd) ?? text.endIndex
      contents = Array(text[position..<end])
      position = end
    }
    guard contents.count <= Self.cellLimit else {
      throw CurveError(path, line: line, "a cell of \(contents.count) bytes: this is no table of losses")
    }
    return String(decoding: contents, as: UTF8.self)
  }

  private func quotedCell(
    _ text: ArraySlice<UInt8>, _ position: inout Int, _ line: inout Int
  ) throws(CurveError) -> [UInt8] {
    let first = line
    var contents: [UInt8] = []
    position += 1
    while position < text.endIndex {
      let byte = text[position]
      position += 1
      if byte == Ascii.quote {
        guard position < text.endIndex, text[position] == Ascii.quote else { return contents }
        position += 1
      }
      if byte == Ascii.lineFeed { line += 1 }
      contents.append(byte)
    }
    throw CurveError(path, line: first, "a quote that is never closed")
  }

  private func isEnd(_ byte: UInt8) -> Bool {
    byte == delimiter || byte == Ascii.lineFeed || byte == Ascii.carriageReturn
  }

  private static func skipLineEnd(_ text: ArraySlice<UInt8>, _ position: inout Int, _ line: inout Int) {
    guard position < text.endIndex else { return }
    let isReturn = text[position] == Ascii.carriageReturn
    position += 1
    if isReturn, position < text.endIndex, text[position] == Ascii.lineFeed { position += 1 }
    line += 1
  }

  private enum Ascii {
    static let tab: UInt8 = 9
    static let lineFeed: UInt8 = 10
    static let carriageReturn: UInt8 = 13
    static let quote: UInt8 = 34
    static let comma: UInt8 = 44
    static let semicolon: UInt8 = 59
  }
}
