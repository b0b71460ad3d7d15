import Lockstep
import LockstepBenchmark
import LockstepCore
import LockstepReports

/// Tells a person how the measuring goes (on a terminal), and what came of it.
final class BenchReporter {
  private static let titleWidth = 10

  private let plan: BenchPlan
  private let isJSON: Bool
  private let progress = Terminal.standardError

  init(_ plan: BenchPlan, isJSON: Bool) {
    self.plan = plan
    self.isJSON = isJSON
  }

  /// What is being measured.
  func note(_ text: String) {
    if progress.isInteractive { progress.redraw("measuring \(text)") }
  }

  /// Prints the run.
  func end(_ record: BenchmarkRecord) throws {
    progress.clearLine()
    if record.isDebugBuild {
      progress.writeWarning("this program was compiled without optimisation: its times are worth nothing")
    }
    let terminal = Terminal.standardOutput
    if isJSON { return try terminal.writeResult(record.json) }
    var parts = [header(record, terminal)]
    parts += BenchTables(record).tables.map { $0.text(width: terminal.lineWidth, style: terminal.textStyle) }
    if record.benchmarks.contains(where: { !$0.samples.isSteady }) {
      parts.append(BenchTables.unsteadyNote)
    }
    if !record.omissions.isEmpty { parts.append(omissions(record, terminal)) }
    if let comparison = record.comparison {
      parts.append(BenchComparisonText(comparison).text(on: terminal))
    }
    try terminal.writeResult(parts.joined(separator: "\n\n"))
  }

  private func header(_ record: BenchmarkRecord, _ terminal: Terminal) -> String {
    let machine = record.machine
    var facts = [machine.cpu, "\(machine.processors) processors"]
    if let megahertz = machine.megahertz {
      facts.append("\(NumberFormat.fixed(megahertz / 1000, 2)) GHz now")
    }
    if let bytes = machine.memoryBytes { facts.append("\(NumberFormat.fixed(bytes / 1e9, 1)) GB") }
    facts.append(machine.system)
    var lines = [line("machine", facts.joined(separator: ", "), terminal)]
    if let load = machine.loadAverage {
      lines.append(line("load", "\(NumberFormat.fixed(load, 2)) at the start", terminal))
    }
    if let backend = record.backends.first {
      lines.append(line("backend", backend.summary, terminal))
      if backend.blasLibrary != "none" { lines.append(line("BLAS", backend.blasLibrary, terminal)) }
    }
    return lines.joined(separator: "\n")
  }

  private func omissions(_ record: BenchmarkRecord, _ terminal: Terminal) -> String {
    let reasons = Dictionary(grouping: record.omissions, by: \.reason).sorted { $0.key < $1.key }
    return reasons.map { reason, omissions in
      "not measured, since \(reason): " + omissions.map(\.subject).joined(separator: ", ")
    }.joined(separator: "\n")
  }

  private func line(_ title: String, _ text: String, _ terminal: Terminal) -> String {
    terminal.style(.bold, NumberFormat.left(title, Self.titleWidth)) + text
  }
}
