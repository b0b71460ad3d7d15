extension Chart {
  /// The chart as an SVG document that stands by itself, with a background, and dark where the viewer is.
  ///
  /// - Parameters:
  ///   - width: Pixels from left to right.
  ///   - height: Pixels from top to bottom.
  public func svg(width: Int = 760, height: Int = 440) -> String {
    Self.svg(of: [self], width: width, height: height)
  }

  /// Charts one below the other as one SVG document.
  ///
  /// - Parameters:
  ///   - charts: The charts, the first at the top.
  ///   - width: Pixels from left to right.
  ///   - height: Pixels from top to bottom for each chart.
  public static func svg(of charts: [Chart], width: Int = 760, height: Int = 440) -> String {
    SVGDocument.text(
      "chart", title: charts.map(\.title).joined(separator: "; "),
      description: charts.map(\.summary).joined(separator: " "),
      size: (Double(width), Double(max(1, charts.count) * height))
    ) { svg in
      for (index, chart) in charts.enumerated() {
        svg.element("g", ["transform": "translate(0 \(index * height))"]) {
          ChartSVG(chart, width: width, height: height, identifier: "chart-\(index)", hasTitle: true).draw(
            in: &$0)
        }
      }
    }
  }
}

/// Draws a chart as SVG.
struct ChartSVG {
  static let fonts =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', sans-serif"

  let layout: ChartLayout
  /// What names in the drawing start with, so that several fit in one document.
  let identifier: String

  init(_ chart: Chart, width: Int, height: Int, identifier: String, hasTitle: Bool) {
    layout = ChartLayout(chart, width: Double(width), height: Double(height), hasTitle: hasTitle)
    self.identifier = identifier
  }

  /// Writes the drawing, which is to stand in an `svg` element.
  func draw(in svg: inout Markup) {
    drawDefinitions(in: &svg)
    drawTitle(in: &svg)
    drawLegend(in: &svg)
    drawAxes(in: &svg)
    drawMarks(in: &svg)
    drawRules(in: &svg)
    if layout.chart.ranges.y.range == nil || layout.chart.ranges.x.range == nil {
      write(
        "no data", at: (layout.plot.left + layout.plot.width / 2, layout.plot.top + layout.plot.height / 2),
        ink: "muted", anchor: "middle", in: &svg)
    }
  }

  private func drawDefinitions(in svg: inout Markup) {
    let plot = layout.plot
    svg.element("defs") { definitions in
      definitions.element("clipPath", ["id": "\(identifier)-plot"]) {
        // Half a line's width more, so that a curve along the edge is not cut in half.
        $0.empty(
          "rect",
          [
            "x": Markup.number(plot.left - 1), "y": Markup.number(plot.top - 1),
            "width": Markup.number(plot.width + 2), "height": Markup.number(plot.height + 2),
          ])
      }
      guard layout.chart.hasBars else { return }
      for (number, hatch) in Palette.hatches.enumerated() where !hatch.isEmpty {
        definitions.element(
          "pattern",
          [
            "id": "\(identifier)-hatch-\(number)", "width": "6", "height": "6",
            "patternUnits": "userSpaceOnUse",
          ]
        ) {
          $0.empty(
            "path",
            [
              "d": hatch, "class": "ink-paper", "color": Palette.paper.light, "stroke": "currentColor",
              "stroke-width": "1.2",
            ])
        }
      }
    }
  }

  private func drawTitle(in svg: inout Markup) {
    for (index, line) in layout.titleLines.enumerated() {
      svg.element(
        "text",
        [
          "x": Markup.number(layout.edge), "y": Markup.number(24 + 21 * Double(index)),
          "font-size": Markup.number(ChartLayout.Size.title), "font-weight": "600", "class": "ink-text",
          "color": Palette.text.light, "fill": "currentColor",
        ], text: line)
    }
  }

  private func drawLegend(in svg: inout Markup) {
    for entry in layout.legend {
      let middle = layout.legendTop + ChartLayout.Size.line * Double(entry.row) + 9
      svg.element("g", inked(entry.group)) { drawSwatch(entry, at: middle, in: &$0) }
      write(
        entry.name, at: (entry.left + ChartLayout.Size.swatch + 6, middle + 4), ink: "text", in: &svg)
    }
  }

  /// A group as it is drawn: its bar, or its line and marker.
  private func drawSwatch(_ entry: ChartLayout.LegendEntry, at middle: Double, in svg: inout Markup) {
    if layout.chart.marks.contains(where: { isBars($0, of: entry.group) }) {
      let frame = ChartLayout.Frame(
        left: entry.left, top: middle - 6, width: ChartLayout.Size.swatch, height: 12)
      drawBar(frame, group: entry.group, in: &svg)
      return
    }
    if layout.chart.marks.contains(where: { isLine($0, of: entry.group) }) {
      svg.empty(
        "path",
        [
          "d": "M\(Markup.number(entry.left)) \(Markup.number(middle))h26", "fill": "none",
          "stroke": "currentColor",
          "stroke-width": "2", "stroke-dasharray": Palette.dash(entry.group),
        ])
    }
    let center = Chart.Point(entry.left + ChartLayout.Size.swatch / 2, middle)
    svg.empty(
      "path", ["d": markerPath(Palette.marker(entry.group), at: center, radius: 3.5), "fill": "currentColor"])
  }

  private func isBars(_ mark: Chart.Mark, of group: Int) -> Bool {
    if case .bars(let bars) = mark { layout.number(of: bars.group) == group } else { false }
  }

  private func isLine(_ mark: Chart.Mark, of group: Int) -> Bool {
    if case .line(let series) = mark { layout.number(of: series.group) == group } else { false }
  }

  /// Attributes that give everything in an element its group's colour.
  func inked(_ group: Int) -> KeyValuePairs<String, String> {
    ["class": "ink-\(group % Palette.groups.count)", "color": Palette.ink(group).light]
  }

  /// Writes a line of text.
  func write(
    _ text: String, at place: (x: Double, y: Double), ink: String, anchor: String = "start",
    hasHalo: Bool = false,
    in svg: inout Markup
  ) {
    guard !text.isEmpty else { return }
    let color = ink == "muted" ? Palette.muted.light : Palette.text.light
    if hasHalo {
      svg.element(
        "text",
        [
          "x": Markup.number(place.x), "y": Markup.number(place.y), "text-anchor": anchor,
          "class": "ink-paper",
          "color": Palette.paper.light, "fill": "none", "stroke": "currentColor", "stroke-width": "4",
          "stroke-linejoin": "round", "aria-hidden": "true",
        ], text: text)
    }
    svg.element(
      "text",
      [
        "x": Markup.number(place.x), "y": Markup.number(place.y), "text-anchor": anchor,
        "class": "ink-\(ink)",
        "color": color, "fill": "currentColor",
      ], text: text)
  }
}
