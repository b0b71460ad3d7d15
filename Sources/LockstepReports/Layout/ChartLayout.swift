/// Where everything of a chart lies on a canvas, in pixels from its upper left corner.
struct ChartLayout {
  /// A rectangle.
  struct Frame: Hashable, Sendable {
    var left: Double
    var top: Double
    var width: Double
    var height: Double
    var right: Double { left + width }
    var bottom: Double { top + height }
  }

  /// A name of the legend.
  struct LegendEntry {
    var group: Int
    var name: String
    var left: Double
    var row: Int
  }

  /// The label of a rule.
  struct RuleLabel {
    var value: Double
    var text: String
    var left: Double
    var row: Int
  }

  /// Sizes of text and what stands around it.
  enum Size {
    static let title = 15.0
    static let text = 12.0
    static let line = 17.0
    static let swatch = 26.0
  }

  let chart: Chart
  /// What is left free at the left and the right: nothing where the page has a margin of its own.
  let edge: Double
  let width: Double
  let height: Double
  let x: AxisScale
  let y: AxisScale
  let titleLines: [String]
  let legend: [LegendEntry]
  let verticalRules: [RuleLabel]
  /// The names below the plot, in lines, where the horizontal axis has categories.
  let categoryLines: [[String]]
  /// Where the marks are drawn.
  let plot: Frame
  /// The lower edge of the legend's first row.
  let legendTop: Double
  private let groupNumbers: [String: Int]

  init(_ chart: Chart, width: Double, height: Double, hasTitle: Bool) {
    self.chart = chart
    self.width = width
    self.height = height
    edge = hasTitle ? 12 : 1
    let groups = chart.groups
    groupNumbers = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1, $0) })
    let ranges = chart.ranges
    let hasPoints = chart.marks.contains { if case .points = $0 { true } else { false } }
    let isVertical = !chart.hasHorizontalBars
    y = AxisScale(
      chart.y.scale, range: ranges.y.range, isWhole: ranges.y.isWhole, padding: 0.06,
      hasBars: chart.hasBars && isVertical, tickCount: max(2, Int(height / 70)))
    x = AxisScale(
      chart.x.scale, range: ranges.x.range, isWhole: ranges.x.isWhole,
      padding: chart.hasBars && !isVertical ? 0.12 : hasPoints ? 0.04 : 0,
      hasBars: chart.hasBars && !isVertical,
      tickCount: max(2, Int(width / 110)))
    titleLines =
      hasTitle
      ? TextMetrics.lines(chart.title, width: width - 2 * edge, size: Size.title * 1.06, atMost: 2) : []
    legend = Self.legend(
      groups, measured: chart.hasHorizontalBars ? chart.x.label : chart.y.label, edge: edge, width: width)
    legendTop = (hasTitle ? 10 + 21 * Double(titleLines.count) : 0) + 4
    let left = edge + Self.leftLabelWidth(y, limit: width * 0.4) + 8
    let plotWidth = max(20, width - left - edge - 6)
    verticalRules = Self.verticalRules(of: chart, x: x, left: left, width: plotWidth)
    let ruleRows = (verticalRules.map(\.row).max() ?? -1) + 1
    let legendRows = (legend.map(\.row).max() ?? -1) + 1
    let labelRow = chart.y.label.isEmpty ? 6 : Size.line + 6
    let top = legendTop + Size.line * Double(legendRows + ruleRows) + (legendRows > 0 ? 6 : 0) + labelRow
    categoryLines = Self.categoryLines(x, width: plotWidth)
    let categoryRows = Double(max(1, categoryLines.map(\.count).max() ?? 1))
    let bottom = 8 + categoryRows * 15 + (chart.x.label.isEmpty ? 4 : Size.line + 7)
    plot = Frame(left: left, top: top, width: plotWidth, height: max(20, height - top - bottom))
  }

  /// A group's number, which decides its colour.
  func number(of group: String) -> Int { groupNumbers[group] ?? 0 }

  /// Where a number of the horizontal axis lies, nil if nowhere.
  func horizontal(_ value: Double) -> Double? { x.fraction(value).map { plot.left + $0 * plot.width } }

  /// Where a number of the vertical axis lies, nil if nowhere. Categories are read from the top.
  func vertical(_ value: Double) -> Double? {
    y.fraction(value).map { fraction in
      if case .categories = y.kind { return plot.top + fraction * plot.height }
      return plot.bottom - fraction * plot.height
    }
  }

  /// Where a point lies, nil if nowhere.
  func position(_ point: Chart.Point) -> Chart.Point? {
    guard let left = horizontal(point.x), let top = vertical(point.y) else { return nil }
    return Chart.Point(left, top)
  }

  private static func leftLabelWidth(_ y: AxisScale, limit: Double) -> Double {
    min(limit, y.ticks.compactMap(\.label).map { TextMetrics.width($0, size: Size.text) }.max() ?? 0).rounded(
      .up)
  }

  /// The groups' names in rows; none where the only one is what the axis already says.
  private static func legend(
    _ groups: [String], measured: String, edge: Double, width: Double
  ) -> [LegendEntry] {
    var (left, row) = (edge, 0)
    return groups.enumerated().filter { !$1.isEmpty && groups != [measured] }.map { number, group in
      let room = width - 2 * edge - Size.swatch - 6
      let name = TextMetrics.fitted(group, to: min(room, 320), size: Size.text)
      let needed = Size.swatch + 6 + TextMetrics.width(name, size: Size.text)
      if left > edge && left + needed > width - edge { (left, row) = (edge, row + 1) }
      defer { left += needed + 18 }
      return LegendEntry(group: number, name: name, left: left, row: row)
    }
  }

  /// Labels beside their rules, in rows that keep them apart and free of other rules' lines, which reach up to
  /// their own labels.
  private static func verticalRules(
    of chart: Chart, x: AxisScale, left: Double, width: Double
  ) -> [RuleLabel] {
    struct Placed {
      var line: Double
      var extent: ClosedRange<Double>
      var label: RuleLabel
    }
    let rules = chart.marks.compactMap { mark -> (value: Double, line: Double, label: String)? in
      guard case .verticalRule(let value, let label) = mark, let fraction = x.fraction(value) else {
        return nil
      }
      return (value, left + fraction * width, label)
    }
    var placed: [Placed] = []
    for rule in rules.sorted(by: { $0.line > $1.line }) {
      let text = TextMetrics.fitted(rule.label, to: width * 0.8, size: Size.text)
      let needed = TextMetrics.width(text, size: Size.text)
      let start = min(rule.line + 5, left + width - needed)
      let extent = start - 6...start + needed + 6
      // Above every line that would cross the label, and beside no other label.
      var row = 0
      while placed.contains(where: {
        ($0.label.row >= row && extent.contains($0.line))
          || ($0.label.row == row && $0.extent.overlaps(extent))
      }) { row += 1 }
      let label = RuleLabel(value: rule.value, text: text, left: start, row: row)
      placed.append(Placed(line: rule.line, extent: extent, label: label))
    }
    return placed.map(\.label)
  }

  private static func categoryLines(_ x: AxisScale, width: Double) -> [[String]] {
    guard case .categories(let names) = x.kind, !names.isEmpty else { return [] }
    let slot = width / Double(names.count)
    // Names that would be a letter and an ellipsis give way: every second, third … is shown.
    let every = max(1, Int((34 / slot).rounded(.up)))
    return names.enumerated().map { index, name in
      index.isMultiple(of: every)
        ? TextMetrics.lines(name, width: slot * Double(every) - 8, size: Size.text, atMost: 3) : []
    }
  }
}
