/// Bars as rows of block characters, with their values and intervals behind them.
struct BarText {
  let chart: Chart
  let width: Int
  let style: TextStyle

  init(_ chart: Chart, width: Int, style: TextStyle) {
    (self.chart, self.width, self.style) = (chart, width, style)
  }

  private struct Row {
    var category: String
    var group: Int
    var name: String
    var value: Double
    var text: String
  }

  var lines: [String] {
    let rows = rows
    let isGrouped = Set(rows.map(\.group)).count > 1
    let valueWidth = rows.map { TextWidth.columns($0.text) }.max() ?? 0
    let labels = rows.map { isGrouped ? "  \($0.name)" : $0.category }
    let labelWidth = min(labels.map(TextWidth.columns).max() ?? 0, max(6, width / 3))
    // A bar of fewer columns says nothing: then the values alone are shown.
    let room = width - labelWidth - valueWidth - 2
    let barWidth = room < 4 ? 0 : room
    var lines = [TextWidth.shortened(style.plain(measured), width, ellipsis: style.ellipsis)].filter {
      !$0.isEmpty
    }
    for (row, label) in zip(rows, labels) {
      if isGrouped && row.group == rows[0].group {
        lines.append(TextWidth.shortened(row.category, width, ellipsis: style.ellipsis))
      }
      let label = TextWidth.fitted(label, labelWidth, ellipsis: style.ellipsis)
      let bar = barWidth == 0 ? "" : style.colored(self.bar(row, width: barWidth), group: row.group) + " "
      let used = labelWidth + 1 + (barWidth == 0 ? 0 : self.bar(row, width: barWidth).count + 1)
      lines.append("\(label) \(bar)" + TextWidth.shortened(row.text, width - used, ellipsis: style.ellipsis))
    }
    return lines
  }

  private var measured: String { chart.hasHorizontalBars ? chart.x.label : chart.y.label }

  private var scale: AxisScale {
    let ranges = chart.ranges
    return chart.hasHorizontalBars
      ? AxisScale(chart.x.scale, range: ranges.x.range, padding: 0.02, tickCount: 4)
      : AxisScale(chart.y.scale, range: ranges.y.range, padding: 0.02, tickCount: 4)
  }

  private var rows: [Row] {
    var names: [String] = []
    if case .categories(let categories) = chart.hasHorizontalBars ? chart.y.scale : chart.x.scale {
      names = categories
    }
    let all = chart.marks.compactMap { if case .bars(let bars) = $0 { bars } else { nil } }
    let groups = chart.groups
    return (0..<(all.map(\.values.count).max() ?? 0)).flatMap { index in
      all.filter { index < $0.values.count }.map { bars in
        let interval = bars.intervals[index].map {
          " (\(Magnitude.text($0.lowerBound)) to \(Magnitude.text($0.upperBound)))"
        }
        return Row(
          category: style.plain(names.indices.contains(index) ? names[index] : "\(index)"),
          group: groups.firstIndex(of: bars.group) ?? 0, name: style.plain(bars.group),
          value: bars.values[index],
          text: style.plain(Magnitude.text(bars.values[index]) + (interval ?? "")))
      }
    }
  }

  /// A bar from the axis' zero, to an eighth of a column where blocks are shown.
  private func bar(_ row: Row, width: Int) -> String {
    guard let end = scale.fraction(row.value) else { return "" }
    let zero = scale.baseline
    let (from, to) = (min(zero, end), max(zero, end))
    let mark = ChartText.mark(row.group, style: style)
    guard style.isUnicode, end >= zero, zero == 0 else {
      let (start, stop) = (Int((from * Double(width)).rounded()), Int((to * Double(width)).rounded()))
      return String(repeating: " ", count: start)
        + String(repeating: style.isUnicode ? "█" : mark, count: max(0, stop - start))
    }
    let eighths = Int((to * Double(width) * 8).rounded())
    let partial = eighths % 8 == 0 ? "" : String(Array("▏▎▍▌▋▊▉")[eighths % 8 - 1])
    return String(repeating: "█", count: eighths / 8) + partial
  }
}
