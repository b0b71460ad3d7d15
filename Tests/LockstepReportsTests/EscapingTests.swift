import LockstepReports
import Testing

@Suite("Escaping")
struct EscapingTests {
  static let texts = [
    "</script><script>alert(1)</script>", "a & b < c > d", "\"quotes\" and 'apostrophes'",
    "]]> <!-- <![CDATA[",
    "control \u{1}\u{8}\u{1B}[31m end", "\u{FFFF} \u{2028}", "עברית ו־English", "\u{202E}reversed",
    "loss × 10⁻³ 漢字 🙂",
    "\\u003c \\", "line\nbreak\ttab",
  ]

  private func chart(_ text: String) -> Chart {
    Chart(
      text, summary: text, x: .init(text), y: .init(text),
      marks: [
        .line(.init(text, detail: text, [.init(0, 1), .init(1, 2)])), .verticalRule(0.5, label: text),
        .horizontalRule(1.5, label: text),
        .band(.init(text, lower: [.init(0, 1)], upper: [.init(0, 2)])),
      ])
  }

  @Test("any text can stand in an SVG", arguments: texts)
  func svg(text: String) throws {
    let drawing = try #require(Drawing(chart(text).svg()))
    let title = try #require(drawing.elements.first { $0.name == "title" })
    let expected = String(
      String.UnicodeScalarView(text.unicodeScalars.map { Self.isAllowed($0) ? $0 : "\u{FFFD}" }))
    #expect(title.text == expected)
    #expect(!drawing.elements.contains { $0.name == "script" })
  }

  /// What XML 1.0 lets a document hold (https://www.w3.org/TR/xml/#charsets), C1 controls aside.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0x7E, 0xA0...0xFFFD, 0x10000...: true
    default: false
    }
  }

  @Test("no text brings an element or ends the script", arguments: texts)
  func html(text: String) {
    let cell = Table.Cell(text, tone: .bad)
    let blocks: [Report.Block] = [
      .paragraph(text), .list([text]), .code(text), .chart(chart(text)),
      .table(Table(text, columns: [.init(text)], rows: [[cell]])),
    ]
    func html(_ text: String, _ blocks: [Report.Block]) -> String {
      Report(
        title: text, verdict: text, tone: .bad, summary: [text], sections: [.init(text, blocks)],
        command: text
      ).html()
    }
    let plainBlocks: [Report.Block] = [
      .paragraph("a"), .list(["a"]), .code("a"), .chart(chart("a")),
      .table(Table("a", columns: ["a"], rows: [[.init("a", tone: .bad)]])),
    ]
    // The same elements as with harmless text, whatever the text.
    func elements(_ html: String) -> [Substring] { html.matches(of: /<\/?[a-z0-9]+/).map(\.output) }
    #expect(elements(html(text, blocks)) == elements(html("a", plainBlocks)))
  }
}
