import LockstepReports
import Testing

/// Where things are drawn, held against what the axes' labels say.
@Suite("Positions in an SVG")
struct SVGPositionTests {
  private func expect(_ corner: Chart.Point, at x: Double, _ y: Double) {
    #expect(abs(corner.x - x) < 0.02, "x \(corner.x), expected \(x)")
    #expect(abs(corner.y - y) < 0.02, "y \(corner.y), expected \(y)")
  }

  @Test("points of a line lie where the axes say")
  func line() throws {
    let points: [Chart.Point] = [.init(0, 0.25), .init(3, 2.5), .init(7, -1.5), .init(20, 1)]
    let drawing = try #require(Drawing(Chart.line(points).svg()))
    let corners = try #require(drawing.lines.first).corners
    try #require(corners.count == points.count)
    for (corner, point) in zip(corners, points) {
      expect(corner, at: drawing.horizontal(point.x), drawing.vertical(point.y))
    }
  }

  @Test("points lie where logarithmic axes say")
  func logarithmicLine() throws {
    let points: [Chart.Point] = [.init(10, 3e-8), .init(200, 4e-5), .init(70_000, 0.2)]
    let chart = Chart.line(points, x: .logarithmic, y: .logarithmic)
    let drawing = try #require(Drawing(chart.svg()))
    let corners = try #require(drawing.lines.first).corners
    try #require(corners.count == points.count)
    for (corner, point) in zip(corners, points) {
      expect(
        corner, at: drawing.horizontal(point.x, isLogarithmic: true),
        drawing.vertical(point.y, isLogarithmic: true))
    }
  }

  @Test("bars reach from zero to their values, side by side", arguments: [[3.0, 1, 2], [3, -1, 2]])
  func bars(values: [Double]) throws {
    let chart = Chart.bars([.init("one", values: values), .init("two", values: values.map { $0 / 2 })])
    let drawing = try #require(Drawing(chart.svg()))
    let bars = drawing.bars.filter { $0.number("width") > 27 }  // not those of the legend
    try #require(bars.count == 6)
    let zero = drawing.vertical(0)
    for (bar, value) in zip(bars, values + values.map { $0 / 2 }) {
      let ends = [zero, drawing.vertical(value)].sorted()
      #expect(abs(bar.number("y") - ends[0]) < 0.02)
      #expect(abs(bar.number("height") - (ends[1] - ends[0])) < 0.03)
    }
    let spans = bars.map { $0.number("x")...($0.number("x") + $0.number("width")) }.sorted {
      $0.lowerBound < $1.lowerBound
    }
    for (left, right) in zip(spans, spans.dropFirst()) { #expect(left.upperBound <= right.lowerBound) }
  }

  @Test("an interval's stroke reaches from its lower to its upper end")
  func interval() throws {
    let drawing = try #require(
      Drawing(Chart.bars([.init("one", values: [2, 2, 2], intervals: [1.5...3, nil, nil])]).svg()))
    let strokes = drawing.elements.filter { $0.attributes["stroke-width"] == "1.5" }
    try #require(strokes.count == 1)
    let match = try #require(strokes[0].attributes["d"]?.firstMatch(of: /M[0-9.]+ ([0-9.]+)V([0-9.]+)/))
    #expect(abs(Double(match.1)! - drawing.vertical(1.5)) < 0.02)
    #expect(abs(Double(match.2)! - drawing.vertical(3)) < 0.02)
  }

  @Test("bars with names beside them lie on their side")
  func horizontalBars() throws {
    let chart = Chart(
      "Bars", summary: "", x: .init("length"), y: .init("", .categories(["first", "second"])),
      marks: [.bars(.init("", values: [4, 2]))])
    let drawing = try #require(Drawing(chart.svg()))
    let bars = drawing.bars
    try #require(bars.count == 2)
    #expect(abs(bars[0].number("width") - (drawing.horizontal(4) - drawing.horizontal(0))) < 0.03)
    #expect(abs(bars[1].number("width") - (drawing.horizontal(2) - drawing.horizontal(0))) < 0.03)
    #expect(bars[0].number("y") < bars[1].number("y"), "the first is not at the top")
  }

  @Test("a band runs along its upper edge and back along its lower one")
  func band() throws {
    let chart = Chart(
      "Band", summary: "", x: .init("x"), y: .init("y"),
      marks: [.band(.init("one", lower: [.init(0, 1), .init(10, 2)], upper: [.init(0, 3), .init(10, 5)]))])
    let drawing = try #require(Drawing(chart.svg()))
    let corners = try #require(drawing.areas.first).corners
    try #require(corners.count == 4)
    for (corner, (x, y)) in zip(corners, [(0.0, 3.0), (10, 5), (10, 2), (0, 1)]) {
      expect(corner, at: drawing.horizontal(x), drawing.vertical(y))
    }
  }

  @Test("rules cross the plot at their values")
  func rules() throws {
    var chart = Chart.line([0, 1, 2, 3])
    chart.marks += [.verticalRule(2, label: "here"), .horizontalRule(2.5, label: "so high")]
    let drawing = try #require(Drawing(chart.svg()))
    let rules = drawing.elements.filter { $0.attributes["stroke-dasharray"] == "4 3" }.map(\.corners)
    try #require(rules.count == 2)
    #expect(abs(rules[0][0].x - drawing.horizontal(2)) < 0.02)
    #expect(abs(rules[1][0].y - drawing.vertical(2.5)) < 0.02)
    #expect(drawing.texts.contains("here"))
    #expect(drawing.texts.contains("so high"))
  }

  @Test("charts of one file stand one below the other")
  func stacked() throws {
    let drawing = try #require(
      Drawing(Chart.svg(of: [.line([1, 2]), .line([3, 4])], width: 600, height: 300)))
    let root = try #require(drawing.elements.first)
    #expect(root.number("height") == 600)
    #expect(
      drawing.elements.compactMap { $0.attributes["transform"] } == ["translate(0 0)", "translate(0 300)"])
    let ids = drawing.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
  }
}
