/// Writes a chart as HTML: drawn for wide and for narrow screens, to be moved along by pointer and keys, and
/// its data as a table.
struct ChartHTML {
  let chart: Chart
  let identifier: String

  init(_ chart: Chart, identifier: String) {
    self.chart = chart
    self.identifier = identifier
  }

  func write(to html: inout Markup) {
    html.element("figure", ["class": "chart", "aria-labelledby": "\(identifier)-title"]) { figure in
      figure.element("figcaption") { caption in
        caption.element("h3", ["id": "\(identifier)-title", "dir": "auto"], text: chart.title)
        caption.element("p", ["id": "\(identifier)-summary", "dir": "auto"], text: chart.summary)
      }
      figure.element(
        "div",
        [
          "class": "canvas", "tabindex": "0", "role": "application", "aria-roledescription": "chart",
          "aria-labelledby": "\(identifier)-title",
          "aria-describedby": "\(identifier)-summary \(identifier)-hint",
        ]
      ) { canvas in
        draw("wide", width: 820, height: 420, in: &canvas)
        draw("narrow", width: 400, height: 380, in: &canvas)
        canvas.element("div", ["class": "tip", "aria-hidden": "true", "hidden": ""], text: "")
      }
      figure.element(
        "p", ["class": "hint", "id": "\(identifier)-hint"],
        text: "Point at the chart, or focus it and press the arrow keys, Home or End, to read its values.")
      figure.element("p", ["class": "spoken", "role": "status", "aria-live": "polite"], text: "")
      figure.element("script", ["type": "application/json", "class": "data"]) {
        $0.raw(ChartData(chart).json)
      }
      details(in: &figure)
    }
  }

  private func draw(_ name: String, width: Int, height: Int, in html: inout Markup) {
    let drawing = ChartSVG(
      chart, width: width, height: height, identifier: "\(identifier)-\(name)", hasTitle: false)
    html.element(
      "svg",
      [
        "class": name, "viewBox": "0 0 \(width) \(height)", "role": "img", "focusable": "false",
        "aria-labelledby": "\(identifier)-\(name)-title \(identifier)-\(name)-description", "font-size": "12",
        "data-frame": drawing.frame,
      ]
    ) { svg in
      svg.element("title", ["id": "\(identifier)-\(name)-title"], text: chart.title)
      svg.element("desc", ["id": "\(identifier)-\(name)-description"], text: chart.summary)
      drawing.draw(in: &svg)
      svg.element("g", ["class": "cursor", "aria-hidden": "true"]) { _ in }
    }
  }

  private func details(in figure: inout Markup) {
    let table = ChartData(chart).table
    guard !table.rows.isEmpty else { return }
    figure.element("details") { details in
      details.element("summary", text: "Data of this chart")
      BlockHTML(.table(table), identifier: "\(identifier)-data").write(to: &details)
    }
  }
}

extension ChartSVG {
  /// The plot and its axes for the script: left, top, width, height in pixels, then each axis' ends and whether
  /// they are logarithms.
  var frame: String {
    let plot = layout.plot
    func axis(_ axis: AxisScale) -> String {
      "\(axis.lower),\(axis.upper),\(axis.kind == .logarithmic ? 1 : 0)"
    }
    return [plot.left, plot.top, plot.width, plot.height].map(Markup.number).joined(separator: ",")
      + ",\(axis(layout.x)),\(axis(layout.y)),\(layout.chart.hasHorizontalBars ? 1 : 0)"
  }
}
