import LockstepCore
import LockstepDoctor
import LockstepReports

/// What was found, for a person.
struct DoctorText {
  private static let titleWidth = 13
  private static let markWidth = 9
  private static let leastWidth = 24

  let terminal: Terminal
  private let style: TextStyle
  private let width: Int

  init(_ terminal: Terminal) {
    self.terminal = terminal
    style = terminal.textStyle
    width = max(Self.leastWidth, terminal.lineWidth)
  }

  /// Parts with an empty line between.
  func joined(_ parts: [String]) -> String { parts.filter { !$0.isEmpty }.joined(separator: "\n\n") }

  /// Facts, each with what it is of before it.
  func facts(_ facts: [(title: String, text: String?)]) -> String {
    facts.compactMap { title, text -> String? in
      guard let text, !text.isEmpty else { return nil }
      let lines = wrapped(text, indent: Self.titleWidth)
      return terminal.style(.bold, NumberFormat.left(title, Self.titleWidth)) + lines
    }.joined(separator: "\n")
  }

  func table(_ table: Table) -> String { table.text(width: width, style: style) }

  /// Findings, the worst first, and how many there are.
  func findings(_ findings: [Finding]) -> String {
    (findings.map(text) + [summary(findings)]).joined(separator: "\n")
  }

  private func text(_ finding: Finding) -> String {
    let indent = String(repeating: " ", count: Self.markWidth)
    let head = mark(finding.severity) + wrapped(finding.title, indent: Self.markWidth)
    let evidence = finding.evidence.map { indent + "- " + wrapped($0, indent: Self.markWidth + 2) }
    // A command is not broken into lines: it is to be copied.
    let remedy = finding.remedy.map { indent + terminal.style(.bold, "$ " + style.plain($0)) }
    return ([head] + evidence + remedy).joined(separator: "\n")
  }

  private func mark(_ severity: Finding.Severity) -> String {
    let (word, color): (String, Terminal.Style) =
      switch severity {
      case .good: ("ok", .green)
      case .note: ("note", .dim)
      case .warning: ("warning", .yellow)
      case .problem: ("problem", .red)
      }
    return terminal.style(color, NumberFormat.left(word, Self.markWidth))
  }

  private func summary(_ findings: [Finding]) -> String {
    func count(_ severity: Finding.Severity, _ word: String) -> String? {
      let number = findings.filter { $0.severity == severity }.count
      return number == 0 ? nil : "\(number) \(word)\(number == 1 ? "" : "s")"
    }
    let counts = [count(.problem, "problem"), count(.warning, "warning"), count(.note, "note")]
    let text = counts.compactMap(\.self).joined(separator: ", ")
    return "\n" + terminal.style(.bold, text.isEmpty ? "nothing is wrong" : text)
  }

  /// Text in lines that begin at a column; the first one's beginning is there already.
  private func wrapped(_ text: String, indent: Int) -> String {
    TextWrapping.wrap(style.plain(text), width: max(Self.leastWidth - Self.titleWidth, width - indent))
      .joined(separator: "\n" + String(repeating: " ", count: indent))
  }
}
