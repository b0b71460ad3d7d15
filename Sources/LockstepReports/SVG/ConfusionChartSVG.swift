extension ConfusionChart {
  /// The chart as an SVG document that stands by itself, dark where the viewer is.
  public func svg() -> String { ConfusionChartSVG(self).document }
}

/// Lays a square of counts out and draws it: a cell is the darker, the larger its share of the row.
struct ConfusionChartSVG {
  /// Sizes in pixels.
  private enum Size {
    static let edge = 20.0
    static let title = 17.0
    static let text = 12.0
    static let line = 18.0
    /// The longest name has so much room, of columns and of rows.
    static let name = 110.0
    /// All cells together are about so wide; a single one at least and at most so much.
    static let square = 560.0
    static let cell = 14.0...56.0
  }

  /// The tint of what is right, of what is not, and of what isn't there.
  private enum Tint {
    static let right = ("2", Palette.ink(2))
    static let wrong = ("1", Palette.ink(1))
    static let none = ("muted", Palette.muted)
  }

  private let chart: ConfusionChart
  private let cell: Double
  private let nameWidth: Double
  private let summary: [String]

  init(_ chart: ConfusionChart) {
    self.chart = chart
    let count = Double(max(1, chart.classNames.count))
    cell = min(Size.cell.upperBound, max(Size.cell.lowerBound, Size.square / count))
    let widest = chart.classNames.map { TextMetrics.width($0, size: Size.text) }.max() ?? 0
    nameWidth = min(Size.name, widest) + 8
    let room = max(320, nameWidth + cell * count)
    summary = TextMetrics.lines(chart.summary, width: room, size: Size.text, atMost: 3)
  }

  private var side: Double { cell * Double(chart.classNames.count) }
  private var left: Double { Size.edge + Size.line + nameWidth }
  private var top: Double {
    Size.edge + Size.title + Size.line * Double(summary.count + 1) + nameWidth + 12
  }
  private var width: Double { max(left + side, Size.edge + 320) + Size.edge }
  private var height: Double { top + side + Size.edge }

  var document: String {
    SVGDocument.text("confusion", title: chart.title, description: chart.summary, size: (width, height)) {
      svg in
      drawHeading(in: &svg)
      drawNames(in: &svg)
      for row in chart.counts.indices { drawRow(row, in: &svg) }
    }
  }

  private func drawHeading(in svg: inout Markup) {
    // Bold letters are wider than those that are measured.
    let title = TextMetrics.fitted(chart.title, to: (width - 2 * Size.edge) * 0.88, size: Size.title)
    var y = Size.edge + Size.title
    write(title, Size.edge, y, [("font-size", Markup.number(Size.title)), ("font-weight", "600")], in: &svg)
    for line in summary {
      y += Size.line
      write(line, Size.edge, y, ink: ("muted", Palette.muted), in: &svg)
    }
    write(
      "taken for", left + side / 2, y + Size.line, [("text-anchor", "middle")],
      ink: ("muted", Palette.muted), in: &svg)
    let middle = top + side / 2
    write(
      "is", Size.edge + Size.text, middle,
      Self.turned(Size.edge + Size.text, middle, by: -90)
        + [("text-anchor", "middle")], ink: ("muted", Palette.muted), in: &svg)
  }

  private func drawNames(in svg: inout Markup) {
    for (index, name) in chart.classNames.enumerated() {
      let middle = (Double(index) + 0.5) * cell + Size.text / 3
      let name = TextMetrics.fitted(name, to: Size.name, size: Size.text)
      write(name, left - 6, top + middle, [("text-anchor", "end")], in: &svg)
      write(name, left + middle, top - 6, Self.turned(left + middle, top - 6, by: -90), in: &svg)
    }
  }

  private func drawRow(_ row: Int, in svg: inout Markup) {
    let counts = chart.counts[row]
    let total = Double(max(1, counts.reduce(0, +)))
    for (column, count) in counts.enumerated() {
      let (x, y) = (left + Double(column) * cell, top + Double(row) * cell)
      let share = Double(count) / total
      let tint = row == column ? Tint.right : count > 0 ? Tint.wrong : Tint.none
      // Mistakes are rare: their tint rises faster, or none would be seen.
      let strength = row == column ? share * 0.75 : min(0.75, (share * 0.75).squareRoot())
      svg.empty(
        "rect",
        [
          ("x", Markup.number(x)), ("y", Markup.number(y)), ("width", Markup.number(cell)),
          ("height", Markup.number(cell)), ("fill-opacity", Markup.number(strength)),
          ("stroke", "currentColor"), ("stroke-opacity", "0.25"),
        ] + SVGDocument.filled(tint.0, tint.1))
      guard count > 0, TextMetrics.width("\(count)", size: Size.text) <= cell - 2 else { continue }
      write(
        "\(count)", x + cell / 2, y + cell / 2 + Size.text / 3, [("text-anchor", "middle")], in: &svg)
    }
  }

  private func write(
    _ text: String, _ x: Double, _ y: Double, _ attributes: [(key: String, value: String)] = [],
    ink: (String, Palette.Ink) = ("text", Palette.text), in svg: inout Markup
  ) {
    svg.element(
      "text",
      [("x", Markup.number(x)), ("y", Markup.number(y))] + attributes + SVGDocument.filled(ink.0, ink.1),
      text: text)
  }

  private static func turned(_ x: Double, _ y: Double, by angle: Int) -> [(key: String, value: String)] {
    [("transform", "rotate(\(angle) \(Markup.number(x)) \(Markup.number(y)))")]
  }
}
