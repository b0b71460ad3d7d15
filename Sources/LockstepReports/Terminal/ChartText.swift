extension Chart {
  /// The chart in characters.
  ///
  /// - Parameters:
  ///   - width: Columns; no line is longer. At least 20 are used.
  ///   - height: Lines of the plot and its horizontal axis; title and legend come on top. Bars take a line
  ///     each whatever it says.
  ///   - style: What the terminal can show.
  public func text(width: Int = 80, height: Int = 18, style: TextStyle = TextStyle()) -> String {
    let text = ChartText(self, width: max(20, width), height: max(6, height), style: style)
    return text.lines.joined(separator: "\n")
  }
}

/// Draws a chart in characters: bars as rows of blocks, everything else as dots over two axes.
struct ChartText {
  let chart: Chart
  let width: Int
  let height: Int
  let style: TextStyle

  init(_ chart: Chart, width: Int, height: Int, style: TextStyle) {
    (self.chart, self.width, self.height, self.style) = (chart, width, height, style)
  }

  var lines: [String] {
    let ranges = chart.ranges
    guard ranges.x.range != nil, ranges.y.range != nil else { return heading + ["(no data)"] }
    if chart.hasBars { return heading + BarText(chart, width: width, style: style).lines }
    return heading + legend + PlotText(chart, width: width, height: height, style: style).lines
  }

  /// What stands for a group: in the legend and on its curve.
  static func mark(_ group: Int, style: TextStyle) -> Character {
    Array(style.isUnicode ? "●■▲◆○□△◇" : "*ox+#@%&")[group % 8]
  }

  private var heading: [String] { TextWidth.wrapped(style.plain(chart.title), width) }

  private var legend: [String] {
    let names = chart.groups
    var lines: [(text: String, columns: Int)] = []
    for (number, name) in names.enumerated() where !name.isEmpty {
      let name = TextWidth.shortened(style.plain(name), width - 2, ellipsis: style.ellipsis)
      let columns = 2 + TextWidth.columns(name)
      let entry = style.colored(String(Self.mark(number, style: style)), group: number) + " " + name
      if let last = lines.last, last.columns + 3 + columns <= width {
        lines[lines.count - 1] = (last.text + "   " + entry, last.columns + 3 + columns)
      } else {
        lines.append((entry, columns))
      }
    }
    return lines.map(\.text) + rules
  }
}

extension ChartText {
  /// What the lines across the plot stand for.
  private var rules: [String] {
    chart.marks.compactMap { mark in
      let (sign, value, label) =
        switch mark {
        case .verticalRule(let value, let label): (style.isUnicode ? "┊" : ":", value, label)
        case .horizontalRule(let value, let label): (style.isUnicode ? "┄" : "-", value, label)
        default: ("", 0.0, "")
        }
      guard !label.isEmpty else { return nil }
      let text = "\(sign) \(style.plain(label)) (\(style.plain(Magnitude.text(value))))"
      return TextWidth.shortened(text, width, ellipsis: style.ellipsis)
    }
  }
}

extension TextStyle {
  /// What shows that text was shortened.
  var ellipsis: Character { isUnicode ? "…" : "~" }
}
