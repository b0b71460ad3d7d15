/// Lines, points, bands and rules as dots over two axes.
struct PlotText {
  private let chart: Chart
  private let width: Int
  private let style: TextStyle
  private let x: AxisScale
  private let y: AxisScale
  private let labelWidth: Int
  private let numbers: [String: Int]
  private var canvas: DotCanvas

  init(_ chart: Chart, width: Int, height: Int, style: TextStyle) {
    (self.chart, self.width, self.style) = (chart, width, style)
    let ranges = chart.ranges
    let rows = max(3, height - 3)
    x = AxisScale(
      chart.x.scale, range: ranges.x.range, isWhole: ranges.x.isWhole, tickCount: max(2, width / 14))
    y = AxisScale(
      chart.y.scale, range: ranges.y.range, isWhole: ranges.y.isWhole, padding: 0.02,
      tickCount: max(2, rows / 3))
    let longest = y.ticks.compactMap { $0.label.map { TextWidth.columns(style.plain($0)) } }.max() ?? 0
    labelWidth = min(longest, width / 3)
    numbers = Dictionary(uniqueKeysWithValues: chart.groups.enumerated().map { ($1, $0) })
    canvas = DotCanvas(columns: width - labelWidth - 2, rows: rows, isBraille: style.isUnicode)
    draw()
  }

  /// The vertical axis' label, the plot, the horizontal axis with its numbers and label.
  var lines: [String] {
    var lines = chart.y.label.isEmpty ? [] : [shortened(chart.y.label)]
    let labels = rowLabels
    for row in 0..<canvas.rows {
      let label = TextWidth.fitted(labels[row] ?? "", labelWidth, isRight: true, ellipsis: style.ellipsis)
      let edge = style.isUnicode ? (labels[row] == nil ? "│" : "┤") : "|"
      lines.append(trimmed(label + " " + edge + canvas.text(row: row, style: style)))
    }
    let margin = String(repeating: " ", count: labelWidth + 1)
    let (axis, numbers) = horizontalAxis
    lines.append(margin + axis)
    if !numbers.isEmpty { lines.append(trimmed(margin + numbers)) }
    if !chart.x.label.isEmpty {
      let label = shortened(chart.x.label)
      let room = max(0, (width - labelWidth - TextWidth.columns(label)) / 2 + labelWidth)
      lines.append(String(repeating: " ", count: min(room, width - TextWidth.columns(label))) + label)
    }
    return lines
  }

  private func shortened(_ text: String) -> String {
    TextWidth.shortened(style.plain(text), width, ellipsis: style.ellipsis)
  }

  private func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }

  private mutating func draw() {
    for mark in chart.marks {
      switch mark {
      case .line(let series): draw(series, isLine: true)
      case .points(let series): draw(series, isLine: false)
      case .band(let band):
        draw(Chart.Series(band.group, band.lower, isFaint: true), isLine: true)
        draw(Chart.Series(band.group, band.upper, isFaint: true), isLine: true)
      case .bars, .verticalRule, .horizontalRule: break
      }
    }
    for mark in chart.marks {
      if case .verticalRule(let value, _) = mark, let place = x.fraction(value) {
        for row in 0..<canvas.rows {
          canvas.placeBehind(
            style.isUnicode ? "┊" : ":", column: Int((place * Double(canvas.columns - 1)).rounded()), row: row
          )
        }
      }
      if case .horizontalRule(let value, _) = mark, let place = y.fraction(value) {
        for column in 0..<canvas.columns {
          canvas.placeBehind(style.isUnicode ? "┄" : "-", column: column, row: self.row(place))
        }
      }
    }
  }

  private mutating func draw(_ series: Chart.Series, isLine: Bool) {
    let group = numbers[series.group] ?? 0
    let mark = ChartText.mark(group, style: style)
    let places = series.points.map { point -> (x: Int, y: Int)? in
      guard let x = x.fraction(point.x), let y = y.fraction(point.y) else { return nil }
      let part = isDown ? y : 1 - y
      return (
        Int((x * Double(canvas.width - 1)).rounded()), Int((part * Double(canvas.height - 1)).rounded())
      )
    }
    var last: (x: Int, y: Int)?
    for place in places {
      if let place, isLine, let last, last != place { canvas.line(last, place, group: group, mark: mark) }
      if let place { canvas.set(place.x, place.y, group: group, mark: mark) }
      last = place
    }
    guard style.isUnicode else { return }
    let shown = places.compactMap(\.self)
    if !isLine {
      for place in shown { canvas.place(mark, column: place.x / 2, row: place.y / 4, group: group) }
    }
    if isLine && !series.isFaint { markCurve(shown, group: group, mark: mark) }
  }

  /// Puts the group's mark on its curve now and then, since not everybody sees colours.
  private mutating func markCurve(_ places: [(x: Int, y: Int)], group: Int, mark: Character) {
    guard numbers.count > 1 else { return }
    let every = max(12, canvas.width / 4)
    var next = every / 2 + group * every / max(1, numbers.count) - every / 2
    for (index, place) in places.enumerated() where place.x >= next || index == places.count - 1 {
      canvas.place(mark, column: place.x / 2, row: place.y / 4, group: group)
      next = place.x + every
    }
  }

  private var isDown: Bool { if case .categories = y.kind { true } else { false } }

  private func row(_ fraction: Double) -> Int {
    Int(((isDown ? fraction : 1 - fraction) * Double(canvas.rows - 1)).rounded())
  }

  private var rowLabels: [Int: String] {
    var labels: [Int: String] = [:]
    for tick in y.ticks {
      guard let label = tick.label, let place = y.fraction(tick.value), 0...1 ~= place else { continue }
      if labels[row(place)] == nil { labels[row(place)] = style.plain(label) }
    }
    return labels
  }

  /// The axis, and its numbers below, those that would touch left out.
  private var horizontalAxis: (axis: String, numbers: String) {
    var axis = Array(repeating: Character(style.isUnicode ? "─" : "-"), count: canvas.columns)
    var (numbers, used) = ("", 0)
    for tick in x.ticks {
      guard let label = tick.label.map(style.plain), let place = x.fraction(tick.value), 0...1 ~= place else {
        continue
      }
      let column = Int((place * Double(canvas.columns - 1)).rounded())
      let columns = TextWidth.columns(label)
      let start = min(max(0, column + 1 - columns / 2), canvas.columns + 1 - columns)
      guard start >= 0, used == 0 || start > used + 1 else { continue }
      axis[column] = style.isUnicode ? "┬" : "+"
      numbers += String(repeating: " ", count: start - used) + label
      used = start + columns
    }
    return ((style.isUnicode ? "└" : "+") + String(axis), numbers)
  }
}
