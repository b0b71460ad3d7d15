extension ChartSVG {
  /// Draws lines, points, bands and bars.
  func drawMarks(in svg: inout Markup) {
    svg.element("g", ["clip-path": "url(#\(identifier)-plot)"]) { plot in
      var barsDrawn = 0
      for mark in layout.chart.marks {
        switch mark {
        case .line(let series): drawLine(series, in: &plot)
        case .points(let series): drawPoints(series, in: &plot)
        case .band(let band): drawBand(band, in: &plot)
        case .bars(let bars):
          drawBars(bars, place: barsDrawn, in: &plot)
          barsDrawn += 1
        case .verticalRule, .horizontalRule: break  // above everything else
        }
      }
    }
  }

  private func drawLine(_ series: Chart.Series, in svg: inout Markup) {
    let group = layout.number(of: series.group)
    let runs = Decimation.runs(series.points.lazy.map(layout.position))
    guard !runs.isEmpty else { return }
    svg.element("g", inked(group)) { svg in
      svg.element(
        "path",
        [
          "d": runs.map(path).joined(), "fill": "none", "stroke": "currentColor", "stroke-linejoin": "round",
          "stroke-linecap": "round", "stroke-width": series.isFaint ? "1" : "2",
          "stroke-opacity": series.isFaint ? "0.4" : "1", "stroke-dasharray": Palette.dash(group),
        ]
      ) { $0.element("title", text: series.name) }
      let points = runs.joined()
      guard !series.isFaint, points.count <= 24 else { return }
      svg.empty("path", ["d": markers(Array(points), of: group, radius: 3), "fill": "currentColor"])
    }
  }

  private func drawPoints(_ series: Chart.Series, in svg: inout Markup) {
    let group = layout.number(of: series.group)
    let points = Decimation.scattered(series.points.compactMap(layout.position), limit: 2_500)
    guard !points.isEmpty else { return }
    svg.element("g", inked(group)) { svg in
      svg.element(
        "path",
        [
          "d": markers(points, of: group, radius: points.count > 300 ? 2 : 3.5), "fill": "currentColor",
          "fill-opacity": series.isFaint ? "0.35" : "0.85",
        ]
      ) { $0.element("title", text: series.name) }
    }
  }

  private func drawBand(_ band: Chart.Band, in svg: inout Markup) {
    let edges = zip(band.lower, band.upper).map { lower, upper -> (lower: Chart.Point, upper: Chart.Point)? in
      guard let upper = layout.position(upper), let left = layout.horizontal(lower.x), !lower.y.isNaN else {
        return nil
      }
      // Down to the edge where the axis has no place for the lower end, such as for 0 on a logarithmic one.
      return (Chart.Point(left, layout.vertical(lower.y) ?? layout.plot.bottom), upper)
    }
    let lower = Decimation.runs(edges.map { $0?.lower })
    let upper = Decimation.runs(edges.map { $0?.upper })
    guard !lower.isEmpty else { return }
    svg.element("g", inked(layout.number(of: band.group))) { svg in
      for (lower, upper) in zip(lower, upper) {
        svg.element(
          "path", ["d": path(upper + lower.reversed()) + "Z", "fill": "currentColor", "fill-opacity": "0.16"]
        ) { $0.element("title", text: band.group) }
      }
    }
  }

  private func path(_ points: [Chart.Point]) -> String {
    var path = ""
    for (index, point) in points.enumerated() {
      path += "\(index == 0 ? "M" : "L")\(Markup.number(point.x)) \(Markup.number(point.y))"
    }
    // A point by itself: a line of no length, whose round ends make a dot.
    return points.count == 1 ? path + "h0" : path
  }

  private func markers(_ points: [Chart.Point], of group: Int, radius: Double) -> String {
    points.map { markerPath(Palette.marker(group), at: $0, radius: radius) }.joined()
  }

  /// The outline of a marker, whose shapes have about the same area.
  func markerPath(_ marker: Palette.Marker, at center: Chart.Point, radius: Double) -> String {
    func polygon(_ corners: [(Double, Double)]) -> String {
      path(corners.map { Chart.Point(center.x + $0.0 * radius, center.y + $0.1 * radius) }) + "Z"
    }
    switch marker {
    case .circle:
      let (r, d) = (Markup.number(radius), Markup.number(2 * radius))
      return "M\(Markup.number(center.x - radius)) \(Markup.number(center.y))"
        + "a\(r) \(r) 0 1 0 \(d) 0a\(r) \(r) 0 1 0 -\(d) 0Z"
    case .square: return polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
    case .triangle: return polygon([(0, -1.3), (1.2, 0.9), (-1.2, 0.9)])
    case .diamond: return polygon([(0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)])
    case .cross:
      return polygon([
        (-1.2, -0.7), (-0.7, -1.2), (0, -0.5), (0.7, -1.2), (1.2, -0.7), (0.5, 0), (1.2, 0.7), (0.7, 1.2),
        (0, 0.5), (-0.7, 1.2), (-1.2, 0.7), (-0.5, 0),
      ])
    case .plus:
      return polygon([
        (-0.4, -1.3), (0.4, -1.3), (0.4, -0.4), (1.3, -0.4), (1.3, 0.4), (0.4, 0.4), (0.4, 1.3), (-0.4, 1.3),
        (-0.4, 0.4), (-1.3, 0.4), (-1.3, -0.4), (-0.4, -0.4),
      ])
    }
  }
}

extension Chart.Series {
  /// The group's name and the one of this series.
  var name: String { detail.map { "\(group), \($0)" } ?? group }
}
