extension ChartSVG {
  /// Draws gridlines, numbers or names along the axes, and what the axes measure.
  func drawAxes(in svg: inout Markup) {
    drawVerticalAxis(in: &svg)
    drawHorizontalAxis(in: &svg)
    let plot = layout.plot
    write(
      TextMetrics.fitted(layout.chart.y.label, to: layout.width - 2 * layout.edge, size: 12),
      at: (layout.edge, verticalLabelBaseline), ink: "muted", in: &svg)
    let label = TextMetrics.fitted(layout.chart.x.label, to: layout.width - 2 * layout.edge, size: 12)
    let half = TextMetrics.width(label, size: 12) / 2
    let center = max(
      layout.edge + half, min(layout.width - layout.edge - half, plot.left + plot.width / 2))
    write(label, at: (center, layout.height - 10), ink: "muted", anchor: "middle", in: &svg)
  }

  private var verticalLabelBaseline: Double {
    let rows = Double((layout.verticalRules.map(\.row).max() ?? -1) + 1)
    return layout.plot.top - 10 - rows * ChartLayout.Size.line
  }

  private func drawVerticalAxis(in svg: inout Markup) {
    let plot = layout.plot
    let isNamed = if case .categories = layout.y.kind { true } else { false }
    let lineLimit = isNamed ? max(1, min(3, Int(plot.height / Double(layout.y.ticks.count) / 15))) : 1
    for tick in layout.y.ticks {
      guard let top = layout.vertical(tick.value), plot.top - 0.5...plot.bottom + 0.5 ~= top else { continue }
      if !isNamed {
        let length = tick.label == nil ? -4 : plot.width
        stroke(
          "M\(Markup.number(plot.left)) \(Markup.number(top))h\(Markup.number(length))",
          ink: tick.label == nil ? "axis" : "grid", in: &svg)
      }
      let lines = TextMetrics.lines(
        tick.label ?? "", width: plot.left - layout.edge - 7, size: 12, atMost: lineLimit)
      for (row, line) in lines.enumerated() {
        let baseline = top + 4 + 15 * (Double(row) - Double(lines.count - 1) / 2)
        write(line, at: (plot.left - 8, baseline), ink: "muted", anchor: "end", in: &svg)
      }
    }
  }

  private func drawHorizontalAxis(in svg: inout Markup) {
    let plot = layout.plot
    for (index, tick) in layout.x.ticks.enumerated() {
      guard let left = layout.horizontal(tick.value), plot.left - 0.5...plot.right + 0.5 ~= left else {
        continue
      }
      if case .categories = layout.x.kind {
        for (row, line) in layout.categoryLines[index].enumerated() {
          write(
            line, at: (left, plot.bottom + 18 + 15 * Double(row)), ink: "muted", anchor: "middle", in: &svg)
        }
        continue
      }
      if layout.chart.hasHorizontalBars && tick.label != nil {
        stroke(
          "M\(Markup.number(left)) \(Markup.number(plot.top))v\(Markup.number(plot.height))", ink: "grid",
          in: &svg)
      }
      stroke(
        "M\(Markup.number(left)) \(Markup.number(plot.bottom))v\(tick.label == nil ? 3 : 5)", ink: "axis",
        in: &svg)
      guard let label = tick.label else { continue }
      // The last number may not leave the canvas.
      let half = TextMetrics.width(label, size: 12) / 2
      let center = min(left, layout.width - 2 - half)
      write(label, at: (center, plot.bottom + 18), ink: "muted", anchor: "middle", in: &svg)
    }
    stroke(
      "M\(Markup.number(plot.left)) \(Markup.number(plot.bottom))h\(Markup.number(plot.width))", ink: "axis",
      in: &svg)
  }

  /// Draws a thin line.
  func stroke(_ path: String, ink: String, dash: String = "", in svg: inout Markup) {
    let color =
      switch ink {
      case "grid": Palette.grid.light
      case "axis": Palette.axis.light
      case "muted": Palette.muted.light
      default: Palette.text.light
      }
    svg.empty(
      "path",
      [
        "d": path, "class": "ink-\(ink)", "color": color, "stroke": "currentColor", "stroke-width": "1",
        "fill": "none", "stroke-dasharray": dash,
      ])
  }

  /// Draws the lines across the plot, and their labels above or in it.
  func drawRules(in svg: inout Markup) {
    let plot = layout.plot
    for rule in layout.verticalRules {
      guard let left = layout.horizontal(rule.value) else { continue }
      // Up beside its label, or to below it where the label had to move to the left.
      let bottom = plot.top - ChartLayout.Size.line * Double(rule.row)
      let top = bottom - (rule.text.isEmpty ? 0 : 14)
      stroke(
        "M\(Markup.number(left)) \(Markup.number(plot.bottom))V\(Markup.number(rule.left > left ? top : bottom))",
        ink: "text",
        dash: "4 3", in: &svg)
      write(rule.text, at: (rule.left, top + 9), ink: "text", hasHalo: true, in: &svg)
    }
    let rules = layout.chart.marks.compactMap { mark -> (position: Double, label: String)? in
      guard case .horizontalRule(let value, let label) = mark, let top = layout.vertical(value) else {
        return nil
      }
      return (top, label)
    }.sorted { $0.position < $1.position }
    for rule in rules {
      stroke(
        "M\(Markup.number(plot.left)) \(Markup.number(rule.position))h\(Markup.number(plot.width))",
        ink: "text", dash: "4 3", in: &svg)
    }
    let baselines = Self.apart(
      rules.map { $0.position - 5 }, by: 14, lowest: plot.bottom - 4, highest: plot.top + 10)
    for (rule, baseline) in zip(rules, baselines) {
      let label = TextMetrics.fitted(rule.label, to: plot.width - 8, size: 12)
      write(label, at: (plot.right - 4, baseline), ink: "text", anchor: "end", hasHalo: true, in: &svg)
    }
  }

  /// Positions (rising) moved as little as keeps them apart and between two limits.
  static func apart(_ positions: [Double], by distance: Double, lowest: Double, highest: Double) -> [Double] {
    var result = positions
    for index in result.indices {
      result[index] = max(result[index], index > 0 ? result[index - 1] + distance : highest)
    }
    for index in result.indices.reversed() {
      result[index] = min(result[index], index + 1 < result.count ? result[index + 1] - distance : lowest)
    }
    return result
  }
}
