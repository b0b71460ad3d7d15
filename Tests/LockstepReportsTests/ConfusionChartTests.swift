import LockstepReports
import Testing

@Suite("Confusion charts")
struct ConfusionChartTests {
  private let chart = ConfusionChart(
    "Animals & <things>", summary: "6 of 9 images are right.", classNames: ["ant", "<bee>"],
    counts: [[5, 1], [2, 1]])

  private func elements(_ name: String, of chart: ConfusionChart) throws -> [Drawing.Element] {
    try #require(Drawing(chart.svg())).elements.filter { $0.name == name }
  }

  @Test("every count stands in its cell, rows from above, columns from the left")
  func cells() throws {
    let texts = try elements("text", of: chart)
    let cells = try elements("rect", of: chart).filter { $0.attributes["fill-opacity"] != nil }
    let counts = texts.filter { Int($0.text) != nil }
    #expect(counts.map(\.text) == ["5", "1", "2", "1"])
    #expect(cells.count == 4)
    func number(_ element: Drawing.Element, _ name: String) throws -> Double {
      try #require(element.attributes[name].flatMap(Double.init))
    }
    for (cell, count) in zip(cells, counts) {
      #expect(try number(cell, "x") < number(count, "x"))
      #expect(try number(count, "x") < number(cell, "x") + number(cell, "width"))
      #expect(try number(cell, "y") < number(count, "y"))
      #expect(try number(count, "y") < number(cell, "y") + number(cell, "height"))
    }
    #expect(try number(cells[1], "x") > number(cells[0], "x"))
    #expect(try number(cells[2], "y") > number(cells[0], "y"))
  }

  @Test("right and wrong have inks of their own, the stronger the larger the share")
  func inks() throws {
    let cells = try elements("rect", of: chart).filter { $0.attributes["fill-opacity"] != nil }
    let inks = cells.map { $0.attributes["class"] }
    // Green, and red.
    #expect(inks == ["ink-2", "ink-1", "ink-1", "ink-2"])
    let strengths = cells.compactMap { $0.attributes["fill-opacity"].flatMap(Double.init) }
    #expect(strengths[0] > strengths[3] && strengths[2] > strengths[1])
  }

  @Test("names are text, of rows and of columns")
  func names() throws {
    let texts = try elements("text", of: chart).map(\.text)
    #expect(texts.filter { $0 == "<bee>" }.count == 2)
    #expect(texts[0] == "Animals & <things>")
  }

  @Test("a hundred classes make small cells without numbers that would not fit")
  func many() throws {
    let names = (0..<100).map { "class \($0)" }
    let chart = ConfusionChart(
      "Many", summary: "", classNames: names,
      counts: (0..<100).map { row in (0..<100).map { $0 == row ? 12_345 : 0 } })
    #expect(try elements("rect", of: chart).count == 100 * 100 + 1)
    #expect(try elements("text", of: chart).allSatisfy { $0.text != "12345" })
  }
}
