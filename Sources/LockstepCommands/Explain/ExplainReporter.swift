import Lockstep
import LockstepCore

/// Tells a person how an experiment goes: a line that moves (on a terminal), a line a part, the conclusion.
final class ExplainReporter: ExperimentObserver {
  private static let titleWidth = 13

  private let terminal: Terminal
  private let isQuiet: Bool
  private let printsRecord: Bool
  private let clock = ContinuousClock()
  private var begin: ContinuousClock.Instant
  private var budget = 0.0

  /// Under `--json` standard output is the figures' alone, and what a person reads goes to standard error.
  init(_ options: ExplainOptions) {
    terminal = options.json ? .standardError : .standardOutput
    isQuiet = options.quiet
    printsRecord = options.json
    begin = clock.now
  }

  /// A remark besides.
  func note(_ line: String) {
    if !isQuiet { Terminal.standardError.write(line) }
  }

  func begin(_ plan: ExplainPlan) {
    begin = clock.now
    budget = plan.settings.budgetSeconds
    guard !isQuiet else { return }
    let record = plan.record
    let count = NumberFormat.grouped(record.dataset.trainCount)
    line(
      "data", "\(record.dataset.path): \(record.dataset.classNames.count) classes, \(count) images to train")
    line(
      "model", "\(record.model.name), \(NumberFormat.grouped(record.model.parameterCount)) parameters")
    line("seeds", record.seeds.map(String.init).joined(separator: ", "))
    line("budget", NumberFormat.duration(budget))
    terminal.write("")
  }

  func partWillBegin(_ part: ExperimentPart, seconds: Double) {
    partDidAdvance(part, "for at most \(NumberFormat.duration(seconds))")
  }

  func partDidAdvance(_ part: ExperimentPart, _ text: String) {
    guard terminal.isInteractive, !isQuiet else { return }
    let left = NumberFormat.duration(max(0, budget - begin.duration(to: clock.now).seconds))
    let title = NumberFormat.left(part.title, Self.titleWidth)
    let behind = "  \(left) left"
    let room = max(0, terminal.lineWidth - title.count - behind.count)
    terminal.redraw(title + NumberFormat.left(String(text.prefix(room)), room) + behind)
  }

  func partDidEnd(_ part: ExperimentRecord.Part, _ record: ExperimentRecord) {
    guard !isQuiet else { return }
    terminal.clearLine()
    let time = NumberFormat.right(NumberFormat.duration(part.seconds), 8)
    line(part.part.title, "\(time)  \(PartSummary.line(part.part, record))")
    if let note = part.note { line("", String(repeating: " ", count: 10) + note) }
  }

  /// Before files are written.
  func willWrite() {
    if terminal.isInteractive, !isQuiet { terminal.redraw("writing the report") }
  }

  func end(_ report: ExplainReport, _ folder: ReportFolder) throws {
    if printsRecord { try Terminal.standardOutput.writeResult(report.json) }
    guard !isQuiet else { return }
    terminal.clearLine()
    terminal.write("")
    terminal.write(terminal.style(.bold, report.conclusion.headline))
    for paragraph in report.conclusion.paragraphs {
      terminal.write("")
      for row in TextWrapping.wrap(paragraph, width: min(100, max(40, terminal.lineWidth))) {
        terminal.write(row)
      }
    }
    terminal.write("")
    line("report", "\(folder.path)/report.html")
    line("figures", "\(folder.path)/report.json")
  }

  private func line(_ title: String, _ text: String) {
    terminal.write(terminal.style(.bold, NumberFormat.left(title, Self.titleWidth)) + text)
  }
}
