extension Table {
  /// The table in characters, in columns that are aligned.
  ///
  /// - Parameters:
  ///   - width: Columns of the terminal; no line is longer. At least 20 are used.
  ///   - style: What the terminal can show.
  public func text(width: Int = 80, style: TextStyle = TextStyle()) -> String {
    TableText(self, width: max(20, width), style: style).lines.joined(separator: "\n")
  }
}

/// Sets a table in columns of characters: text wraps, numbers do not. Where not even that fits, rows are set
/// one below the other.
struct TableText {
  private let table: Table
  private let width: Int
  private let style: TextStyle
  private let cells: [[String]]
  private let titles: [String]

  init(_ table: Table, width: Int, style: TextStyle) {
    (self.table, self.width, self.style) = (table, width, style)
    cells = table.rows.map { $0.map { style.plain($0.text) } }
    titles = table.columns.map { style.plain($0.title) }
  }

  var lines: [String] {
    let caption = table.caption.isEmpty ? [] : TextWidth.wrapped(style.plain(table.caption), width)
    guard !titles.isEmpty else { return caption }
    guard let widths = columnWidths else { return caption + stacked }
    let rule = widths.map { String(repeating: style.isUnicode ? "─" : "-", count: $0) }.joined(
      separator: "  ")
    return caption + row(titles, tones: [], widths: widths) + [rule]
      + zip(table.rows, cells).flatMap { row($1, tones: $0.map(\.tone), widths: widths) }
  }

  /// What each column gets: all it needs if there is room, else the widest texts give way. Nil if there are
  /// too many columns.
  private var columnWidths: [Int]? {
    let room = width - 2 * (titles.count - 1)
    var widths = titles.indices.map { index in
      max(1, (cells.map { TextWidth.columns($0[index]) } + [TextWidth.columns(titles[index])]).max() ?? 1)
    }
    let least = titles.indices.map { index in
      // A number is not cut in two.
      table.columns[index].isNumeric
        ? max(1, cells.map { TextWidth.columns($0[index]) }.max() ?? 1) : min(widths[index], 8)
    }
    guard least.reduce(0, +) <= room else { return nil }
    while widths.reduce(0, +) > room {
      let index = widths.indices.filter { widths[$0] > least[$0] }.max { widths[$0] < widths[$1] }!
      widths[index] -= 1
    }
    return widths
  }

  private func row(_ cells: [String], tones: [Report.Tone], widths: [Int]) -> [String] {
    let wrapped = zip(cells, widths).map { TextWidth.wrapped($0, $1) }
    return (0..<(wrapped.map(\.count).max() ?? 0)).map { line in
      let texts = wrapped.indices.map { index -> String in
        let text = line < wrapped[index].count ? wrapped[index][line] : ""
        let fitted = TextWidth.fitted(
          text, widths[index], isRight: table.columns[index].isNumeric, ellipsis: style.ellipsis)
        return tones.isEmpty ? fitted : style.toned(fitted, tones[index])
      }
      var text = texts.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  /// Every row as lines of "title: cell", for very narrow terminals.
  private var stacked: [String] {
    cells.flatMap { row in
      zip(titles, row).flatMap { title, cell in
        TextWidth.wrapped(title.isEmpty ? cell : "\(title): \(cell)", width)
      } + [""]
    }
  }
}

extension TextStyle {
  /// The text in a tone's colour.
  func toned(_ text: String, _ tone: Report.Tone) -> String {
    guard isColored else { return text }
    switch tone {
    case .neutral: return text
    case .good: return "\u{1B}[32m\(text)\u{1B}[0m"
    case .caution: return "\u{1B}[33m\(text)\u{1B}[0m"
    case .bad: return "\u{1B}[31m\(text)\u{1B}[0m"
    }
  }
}
