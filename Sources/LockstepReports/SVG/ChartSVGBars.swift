extension ChartSVG {
  /// Draws a group's bars, at their place among those of other groups, with their intervals and values.
  func drawBars(_ bars: Chart.Bars, place: Int, in svg: inout Markup) {
    let count = layout.chart.marks.count { if case .bars = $0 { true } else { false } }
    let group = layout.number(of: bars.group)
    let isHorizontal = layout.chart.hasHorizontalBars
    let slots = max(1, Double(layout.chart.barSlotCount))
    let slot = (isHorizontal ? layout.plot.height : layout.plot.width) / slots
    let thickness = min(64, slot * 0.76 / Double(count))
    let hasValues = showsValues(thickness: thickness)
    for index in bars.values.indices {
      guard let middle = isHorizontal ? layout.vertical(Double(index)) : layout.horizontal(Double(index))
      else { continue }
      let start = middle + (Double(place) - Double(count) / 2) * thickness
      let bar = Bar(
        start: start + 1, thickness: max(1, thickness - 2), value: bars.values[index],
        interval: bars.intervals[index])
      draw(bar, group: group, name: bars.group, in: &svg)
      if hasValues { writeValue(of: bar, in: &svg) }
    }
  }

  /// A bar on its axis; `start` and `thickness` in pixels.
  private struct Bar {
    var start: Double
    var thickness: Double
    var value: Double
    var interval: ClosedRange<Double>?
  }

  private func draw(_ bar: Bar, group: Int, name: String, in svg: inout Markup) {
    guard let end = along(bar.value) else { return }
    let isHorizontal = layout.chart.hasHorizontalBars
    let zero =
      isHorizontal
      ? layout.plot.left + layout.x.baseline * layout.plot.width
      : layout.plot.bottom - layout.y.baseline * layout.plot.height
    let (from, to) = (min(zero, end), max(zero, end))
    let frame =
      isHorizontal
      ? ChartLayout.Frame(left: from, top: bar.start, width: to - from, height: bar.thickness)
      : ChartLayout.Frame(left: bar.start, top: from, width: bar.thickness, height: to - from)
    svg.element("g", inked(group)) { svg in
      svg.element("title", text: "\(name): \(Magnitude.text(bar.value))")
      drawBar(frame, group: group, in: &svg)
    }
    if let interval = bar.interval { drawInterval(interval, of: bar, in: &svg) }
  }

  /// A filled rectangle in the group's colour (that of the element around it) and hatching.
  func drawBar(_ frame: ChartLayout.Frame, group: Int, in svg: inout Markup) {
    let hatch = (group + group / Palette.groups.count) % Palette.hatches.count
    for fill in hatch == 0 ? ["currentColor"] : ["currentColor", "url(#\(identifier)-hatch-\(hatch))"] {
      svg.empty(
        "rect",
        [
          "x": Markup.number(frame.left), "y": Markup.number(frame.top), "width": Markup.number(frame.width),
          "height": Markup.number(frame.height), "fill": fill,
        ])
    }
  }

  /// A stroke from the interval's lower end to its upper one, with caps.
  private func drawInterval(_ interval: ClosedRange<Double>, of bar: Bar, in svg: inout Markup) {
    let isHorizontal = layout.chart.hasHorizontalBars
    let edge = isHorizontal ? layout.plot.left : layout.plot.bottom
    guard let high = along(interval.upperBound) else { return }
    let low = along(interval.lowerBound) ?? edge
    let middle = Markup.number(bar.start + bar.thickness / 2)
    let half = min(6, bar.thickness / 3)
    let (cap, capStart) = (Markup.number(2 * half), Markup.number(bar.start + bar.thickness / 2 - half))
    let (from, to) = (Markup.number(low), Markup.number(high))
    let path =
      isHorizontal
      ? "M\(from) \(middle)H\(to)M\(from) \(capStart)v\(cap)M\(to) \(capStart)v\(cap)"
      : "M\(middle) \(from)V\(to)M\(capStart) \(from)h\(cap)M\(capStart) \(to)h\(cap)"
    // Paper below ink, so that it is seen on the bar as well as off it.
    svg.empty(
      "path",
      [
        "d": path, "class": "ink-paper", "color": Palette.paper.light, "stroke": "currentColor",
        "stroke-width": "4", "fill": "none",
      ])
    svg.empty(
      "path",
      [
        "d": path, "class": "ink-text", "color": Palette.text.light, "stroke": "currentColor",
        "stroke-width": "1.5", "fill": "none",
      ])
  }

  /// Whether every bar of the chart has room for its value.
  private func showsValues(thickness: Double) -> Bool {
    layout.chart.marks.allSatisfy { mark in
      guard case .bars(let bars) = mark else { return true }
      return layout.chart.hasHorizontalBars
        ? thickness >= 12
        : bars.values.allSatisfy { TextMetrics.width(Magnitude.short($0), size: 11) <= thickness + 4 }
    }
  }

  /// Writes a bar's value beyond its end and its interval's.
  private func writeValue(of bar: Bar, in svg: inout Markup) {
    let isDown = bar.value < 0
    let outer = bar.interval.map { isDown ? min(bar.value, $0.lowerBound) : max(bar.value, $0.upperBound) }
    guard let end = along(outer ?? bar.value) ?? along(bar.value) else { return }
    let middle = bar.start + bar.thickness / 2
    let text = Magnitude.short(bar.value)
    if layout.chart.hasHorizontalBars {
      write(
        text, at: (end + (isDown ? -6 : 6), middle + 4), ink: "text", anchor: isDown ? "end" : "start",
        hasHalo: true, in: &svg)
    } else {
      write(
        text, at: (middle, end + (isDown ? 14 : -5)), ink: "text", anchor: "middle", hasHalo: true, in: &svg)
    }
  }

  private func along(_ value: Double) -> Double? {
    layout.chart.hasHorizontalBars ? layout.horizontal(value) : layout.vertical(value)
  }
}

extension Chart {
  /// Places for bars along the axis they stand on.
  var barSlotCount: Int {
    if case .categories(let names) = hasHorizontalBars ? y.scale : x.scale { return names.count }
    return marks.map { if case .bars(let bars) = $0 { bars.values.count } else { 0 } }.max() ?? 0
  }
}
