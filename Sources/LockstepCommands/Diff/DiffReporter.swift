import Lockstep
import LockstepCore
import LockstepReports

/// Tells a person how a search for differences goes, and what it found.
final class DiffReporter {
  private static let titleWidth = 18

  private let terminal: Terminal
  private let isQuiet: Bool
  private let printsJSON: Bool
  private let reportPath: String?
  private let clock = ContinuousClock()
  private var begin: ContinuousClock.Instant

  /// Under `--json` standard output is the findings' alone, and what a person reads goes to standard error.
  init(_ options: DiffOptions) {
    terminal = options.json ? .standardError : .standardOutput
    isQuiet = options.quiet
    printsJSON = options.json
    reportPath = options.report
    begin = clock.now
  }

  /// A remark besides.
  func note(_ line: String) {
    if !isQuiet { Terminal.standardError.write(line) }
  }

  func begin(_ plan: DiffPlan) {
    begin = clock.now
    guard !isQuiet else { return }
    let search = plan.search
    block("data", [plan.dataset.path])
    block("model", [plan.modelName])
    block("first", [plan.first.descriptor.summary])
    block("second", [plan.second.descriptor.summary])
    block(
      "training",
      [
        "\(DiffFindings.count(search.stepCount, "step")) (an epoch has \(plan.stepsPerEpoch)), batch "
          + "\(search.task.configuration.batchSize), seed \(search.seed); the first "
          + "\(search.judgedStepCount) held against float64"
      ])
    terminal.write("")
  }

  func progress(_ report: DifferenceReport) {
    guard terminal.isInteractive, !isQuiet else { return }
    let done = report.steps.count
    let elapsed = begin.duration(to: clock.now).seconds
    let left = elapsed / Double(max(done, 1)) * Double(report.plannedStepCount - done)
    terminal.redraw(
      "step \(done)/\(report.plannedStepCount)  "
        + "\(NumberFormat.grouped(report.differingInstructionCount)) of "
        + "\(NumberFormat.grouped(report.instructionCount)) instructions differ  "
        + "ETA \(NumberFormat.duration(left))")
  }

  func end(_ findings: DiffFindings) throws {
    terminal.clearLine()
    if printsJSON { try Terminal.standardOutput.writeResult(findings.json) }
    if !printsJSON || !isQuiet { terminal.write(verdict(findings)) }
    guard !isQuiet else { return }
    terminal.write("")
    block("faulty operation", findings.firstFault)
    block("first difference", findings.firstDifference)
    block("first flip", findings.firstFlip)
    block("losses", findings.lossGrowth.map { [$0] })
    if findings.report.firstDifference != nil { table(findings.losses) }
    if let operations = findings.noteworthyOperations { table(operations) }
    block("the rest", findings.unremarkableOperations.map { [$0] })
    block("not looked at", findings.limitsOfSearch.isEmpty ? nil : findings.limitsOfSearch)
    line("time", NumberFormat.duration(begin.duration(to: clock.now).seconds))
    if let reportPath { line("report", reportPath) }
  }

  private func verdict(_ findings: DiffFindings) -> String {
    switch findings.tone {
    case .bad: terminal.style(.red, findings.verdict)
    case .good, .caution, .neutral: terminal.style(.bold, findings.verdict)
    }
  }

  private func block(_ title: String, _ lines: [String]?) {
    guard let lines else { return }
    let width = max(40, terminal.lineWidth - Self.titleWidth)
    for (index, row) in lines.flatMap({ TextWrapping.wrap($0, width: width) }).enumerated() {
      line(index == 0 ? title : "", row)
    }
  }

  private func table(_ table: Table) {
    terminal.write("")
    terminal.write(table.text(width: max(77, terminal.lineWidth), style: terminal.textStyle))
    terminal.write("")
  }

  private func line(_ title: String, _ text: String) {
    terminal.write(terminal.style(.bold, NumberFormat.left(title, Self.titleWidth)) + text)
  }
}
