@testable import LockstepReports
import Testing

/// Charts and tables in a terminal.
@Suite("Text")
struct TextTests {
  static let charts: [Chart] = {
    let long =
      "a name that is longer than any terminal is wide, which happens to paths of runs and to the labels of axes"
    let wave = (0..<500).map { Chart.Point(Double($0), Double($0 * 37 % 101) - 50) }
    return [
      .line(wave),
      Chart(
        long, summary: long, x: .init(long), y: .init(long, .logarithmic),
        marks: [
          .line(.init(long, wave)), .points(.init("漢字の名前", wave)), .line(.init("three", wave.reversed())),
          .verticalRule(100, label: long), .horizontalRule(3, label: "low"),
        ]),
      .bars([
        .init(long, values: [1, -2, 3e10], intervals: [0.5...2, nil, 1e10...4e10]),
        .init("two", values: [1, 2, 3]),
      ]),
      .bars([.init("", values: [0.001, 1, 1000])], scale: .logarithmic, names: [long, "b", "c"]),
      .line([Double]()), .line([5]),
    ]
  }()

  @Test("no line is wider than the terminal", arguments: [20, 80, 200], [true, false])
  func width(columns: Int, isUnicode: Bool) {
    for chart in Self.charts {
      let text = chart.text(
        width: columns, height: 15, style: TextStyle(isColored: false, isUnicode: isUnicode))
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        #expect(TextWidth.columns(String(line)) <= columns, "\(line)")
      }
    }
  }

  @Test("without UTF-8 all is ASCII")
  func ascii() {
    for chart in Self.charts {
      #expect(chart.text(width: 60, style: TextStyle(isUnicode: false)).utf8.allSatisfy { $0 < 0x80 })
    }
    let table = Table("“±0.5” × 10⁻³", columns: ["µ", .number("≤")], rows: [["—", "∞"]])
    #expect(table.text(width: 40, style: TextStyle(isUnicode: false)).utf8.allSatisfy { $0 < 0x80 })
  }

  @Test("the plot has the height asked for")
  func height() {
    let lines = Chart.line((0..<50).map(Double.init)).text(
      width: 60, height: 20, style: TextStyle(isUnicode: true)
    )
    .split(separator: "\n", omittingEmptySubsequences: false)
    // Title, legend and the vertical axis' label come on top.
    #expect(lines.count == 20 + 3)
  }

  @Test("a rising line runs from the lower left to the upper right")
  func rising() throws {
    let text = Chart.line([0, 1, 2, 3]).text(width: 60, height: 12, style: TextStyle(isUnicode: false))
    let rows = text.split(separator: "\n").filter { $0.contains("|") }.map {
      $0.split(separator: "|").last ?? ""
    }
    let columns = rows.map { row in row.firstIndex(of: "*").map { row.distance(from: row.startIndex, to: $0) }
    }
    let marked = columns.compactMap(\.self)
    #expect(marked.count == rows.count, "a row of the line is empty")
    #expect(marked == marked.sorted(by: >))
    #expect(columns.last == 0)
    #expect(columns.first.flatMap(\.self).map { $0 > 45 } == true)
  }

  @Test("bars are as long as their values")
  func bars() throws {
    let text = Chart.bars([.init("", values: [10, 20, 40])]).text(
      width: 60, style: TextStyle(isUnicode: false))
    let lengths = text.split(separator: "\n").map { $0.count { $0 == "*" } }.suffix(3)
    #expect(lengths[lengths.endIndex - 1] > 45, "the longest leaves room unused")
    #expect(abs(lengths[lengths.endIndex - 1] - 2 * lengths[lengths.endIndex - 2]) <= 1)
    #expect(abs(lengths[lengths.endIndex - 2] - 2 * lengths[lengths.endIndex - 3]) <= 1)
  }

  @Test("groups have marks of their own, on the curve and in the legend")
  func marks() {
    let chart = Chart(
      "Two", summary: "", x: .init("x"), y: .init("y"),
      marks: [
        .line(.init("up", (0..<100).map { .init(Double($0), Double($0)) })),
        .line(.init("down", (0..<100).map { .init(Double($0), Double(-$0)) })),
      ])
    let text = chart.text(width: 80, style: TextStyle(isUnicode: true))
    #expect(text.contains("● up   ■ down"))
    #expect(text.count { $0 == "●" } >= 3)
    #expect(text.count { $0 == "■" } >= 3)
  }

  @Test("colours are there when they are asked for, and only then")
  func colors() {
    let chart = Chart.line([1, 2, 3])
    #expect(chart.text(style: TextStyle(isColored: true, isUnicode: true)).contains("\u{1B}["))
    #expect(!chart.text(style: TextStyle(isColored: false, isUnicode: true)).contains("\u{1B}["))
  }

  @Test("an escape sequence in a name does not reach the terminal")
  func control() {
    let table = Table("\u{1B}[31mred", columns: ["\u{7}bell"], rows: [["a\u{8}b\nc"]])
    let text =
      table.text(width: 40) + Chart.bars([.init("\u{1B}]0;x\u{7}", values: [1, 2, 3])]).text(width: 40)
    #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
  }
}

@Suite("Tables in a terminal")
struct TableTextTests {
  private let table = Table(
    "Operations", columns: ["operation", .number("elements"), .number("ρ")],
    rows: [["matmul of the dense layer", "12,345", "0.5"], ["relu", "7", Table.Cell("12.25", tone: .bad)]])

  @Test("columns are aligned, numbers at the right")
  func aligned() {
    #expect(
      table.text(width: 80, style: TextStyle(isUnicode: true)) == """
        Operations
        operation                  elements      ρ
        ─────────────────────────  ────────  ─────
        matmul of the dense layer    12,345    0.5
        relu                              7  12.25
        """)
  }

  @Test("text wraps where there is no room, numbers don't")
  func wrapped() {
    #expect(
      table.text(width: 32, style: TextStyle(isUnicode: true)) == """
        Operations
        operation        elements      ρ
        ───────────────  ────────  ─────
        matmul of the      12,345    0.5
        dense layer
        relu                    7  12.25
        """)
  }

  @Test("where columns don't fit at all, cells stand one below the other")
  func stacked() {
    let text = table.text(width: 20, style: TextStyle(isUnicode: true))
    #expect(text.contains("elements: 12,345"))
    for line in text.split(separator: "\n") { #expect(line.count <= 20) }
  }

  @Test("no line is wider than the terminal", arguments: [20, 33, 80, 200])
  func width(columns: Int) {
    let long = String(repeating: "漢字 and_a_word_without_any_spaces_in_it ", count: 6)
    let table = Table(
      long, columns: [.init(long), .number(long), "b"], rows: [[.init(long), "1", .init(long)]])
    for line in table.text(width: columns, style: TextStyle(isUnicode: true)).split(separator: "\n") {
      #expect(TextWidth.columns(String(line)) <= columns, "\(line)")
    }
  }
}
