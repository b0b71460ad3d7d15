import LockstepReports
import Testing

/// Charts of what is hard to draw.
@Suite("Extremes in an SVG")
struct SVGExtremesTests {
  /// Numbers no drawing may contain.
  private func expectDrawable(_ svg: String, _ comment: Comment? = nil) throws {
    let drawing = try #require(Drawing(svg), comment)
    for element in drawing.elements {
      for (name, value) in element.attributes
      where !["id", "clip-path", "class", "aria-labelledby", "fill"].contains(name) {
        #expect(!value.contains("nan") && !value.contains("inf"), "\(element.name) \(name) \(value)")
      }
    }
  }

  @Test(
    "anything can be drawn",
    arguments: [
      [], [1], [.nan], [.infinity, -.infinity], [5, 5, 5], [0, 0], [-3, -3], [1e-300, 1e300],
      [-1e300, 1e300],
      [-.greatestFiniteMagnitude, .greatestFiniteMagnitude],
      [.leastNonzeroMagnitude, 4 * .leastNonzeroMagnitude], [1e15, 1e15 + 1],
      [1, .nan, 2, .infinity, 3],
      [0.1, 0.1000000001], [-5, -1], [0, -1], [1e-9, 1],
    ] as [[Double]], [Chart.Axis.Scale.linear, .logarithmic])
  func anything(values: [Double], scale: Chart.Axis.Scale) throws {
    let points = values.enumerated().map { Chart.Point(Double($0), $1) }
    var chart = Chart.line(points, y: scale)
    chart.marks += [
      .points(.init("two", points)), .band(.init("one", lower: points, upper: points)),
      .horizontalRule(1, label: "one"),
    ]
    try expectDrawable(chart.svg(), "\(values)")
    try expectDrawable(Chart.line(values.map { Chart.Point($0, 1) }, x: scale).svg())
    try expectDrawable(
      Chart.bars([.init("one", values: values)], scale: scale, names: values.map { "\($0)" }).svg())
    #expect(!chart.text(width: 60, height: 12).isEmpty)
    #expect(
      !Report(title: "", verdict: "", tone: .neutral, sections: [.init("", [.chart(chart)])]).html().isEmpty)
  }

  @Test("a chart of nothing says so")
  func nothing() throws {
    let drawing = try #require(Drawing(Chart.line([Double]()).svg()))
    #expect(drawing.texts.contains("no data"))
    #expect(drawing.lines.isEmpty)
  }

  @Test("what is not finite is a gap")
  func gap() throws {
    let drawing = try #require(Drawing(Chart.line([1, 2, .nan, 3, 4, .infinity, 5]).svg()))
    let path = try #require(drawing.lines.first?.attributes["d"])
    #expect(path.count { $0 == "M" } == 3)
    #expect(path.hasSuffix("h0"), "a point by itself is not drawn")
  }

  @Test("a logarithmic axis has no place for zero and less")
  func notPositive() throws {
    let drawing = try #require(Drawing(Chart.line([1, 0, 10, -5, 100], y: .logarithmic).svg()))
    #expect(drawing.lines.first?.corners.count == 3)
  }

  @Test("of 200,000 points few are drawn, the extremes among them, where they are")
  func many() throws {
    var values = (0..<200_000).map { Double($0 * 7919 % 1000) / 1000 }
    values[123_456] = 9
    values[54_321] = -7
    let drawing = try #require(Drawing(Chart.line(values).svg()))
    let corners = try #require(drawing.lines.first).corners
    #expect(corners.count <= 4 * 760)
    #expect(corners.count >= 1000)
    let (top, bottom) = (corners.min { $0.y < $1.y }!, corners.max { $0.y < $1.y }!)
    #expect(abs(top.y - drawing.vertical(9)) < 0.02)
    #expect(abs(top.x - drawing.horizontal(123_456)) < 0.02)
    #expect(abs(bottom.y - drawing.vertical(-7)) < 0.02)
    #expect(abs(bottom.x - drawing.horizontal(54_321)) < 0.02)
  }

  @Test("a cloud of points is thinned, and keeps its outliers")
  func cloud() throws {
    var points = (0..<50_000).map { Chart.Point(Double($0 * 7919 % 1009), Double($0 * 104_729 % 997)) }
    points.append(.init(3_000, 4_000))
    let chart = Chart(
      "Cloud", summary: "", x: .init("x"), y: .init("y"), marks: [.points(.init("one", points))])
    let svg = chart.svg()
    #expect(svg.utf8.count < 300_000)
    let drawing = try #require(Drawing(svg))
    let corners = try #require(drawing.areas.first).corners
    let (x, y) = (drawing.horizontal(3_000), drawing.vertical(4_000))
    // A circle starts at its left.
    #expect(corners.contains { abs($0.x + 2 - x) < 0.02 && abs($0.y - y) < 0.02 })
  }

  @Test("long texts stay on the canvas", arguments: [200, 400, 760])
  func longTexts(width: Int) throws {
    let long = String(repeating: "an extraordinarily long name ", count: 12)
    let chart = Chart(
      long, summary: long, x: .init(long, .categories([long, "b", long])), y: .init(long),
      marks: [
        .bars(.init(long, values: [1, 2, 3])), .bars(.init("short", values: [3, 2, 1])),
        .horizontalRule(2, label: long),
        .verticalRule(1, label: long),
      ])
    let drawing = try #require(Drawing(chart.svg(width: width)))
    for text in drawing.elements where text.name == "text" {
      // Half an em a letter is less than any font has for these words.
      let length = Double(text.text.count) * 12 * 0.5
      let start =
        switch text.attributes["text-anchor"] {
        case "end": text.number("x") - length
        case "middle": text.number("x") - length / 2
        default: text.number("x")
        }
      #expect(start >= -1 && start + length <= Double(width) + 1, "\(text.text)")
    }
  }

  @Test("labels of rules close together don't cover each other")
  func closeRules() throws {
    var chart = Chart.line((0...100).map(Double.init))
    chart.marks += (0..<4).map { .verticalRule(50 + Double($0), label: "rule number \($0)") }
    chart.marks += (0..<4).map { .horizontalRule(20 + Double($0) / 10, label: "level number \($0)") }
    let drawing = try #require(Drawing(chart.svg()))
    let labels = drawing.elements.filter {
      $0.text.contains("number") && $0.attributes["class"] == "ink-text"
    }
    try #require(labels.count == 8)
    for (index, one) in labels.enumerated() {
      for other in labels[(index + 1)...] {
        let isApart =
          abs(one.number("y") - other.number("y")) >= 12 || abs(one.number("x") - other.number("x")) >= 90
        #expect(isApart, "\(one.text) covers \(other.text)")
      }
    }
  }

  @Test("a label that had to move to the left of its rule covers no other")
  func labelAtTheEdge() throws {
    var chart = Chart.line((0...100).map(Double.init))
    chart.marks += [
      .verticalRule(98, label: "a rule at the right edge"), .verticalRule(70, label: "a rule before it"),
    ]
    let drawing = try #require(Drawing(chart.svg()))
    let labels = drawing.elements.filter {
      $0.text.contains("a rule") && $0.attributes["class"] == "ink-text"
    }
    try #require(labels.count == 2)
    #expect(
      abs(labels[0].number("x") - labels[1].number("x")) < 120, "the labels are nowhere near each other")
    #expect(abs(labels[0].number("y") - labels[1].number("y")) >= 12)
  }
}
