import Lockstep
import LockstepBenchmark
import LockstepCore
import LockstepReports

/// What became of benchmarks since an earlier run, for a person.
struct BenchComparisonText {
  private let comparison: BenchmarkComparison

  init(_ comparison: BenchmarkComparison) { self.comparison = comparison }

  func text(on terminal: Terminal) -> String {
    var parts: [String] = []
    if comparison.rows.isEmpty {
      parts.append("the runs have no benchmark in common: nothing can be compared")
    } else {
      parts.append(table.text(width: terminal.lineWidth, style: terminal.textStyle))
      parts.append(terminal.style(.bold, summary))
    }
    let alone = [
      ("the earlier run", comparison.onlyOld), ("this run", comparison.onlyNew),
    ].filter { !$0.1.isEmpty }.map { "only in \($0): \($1.joined(separator: ", "))" }
    return (parts + alone + comparison.notes.map { "note: \($0)" }).joined(separator: "\n")
  }

  private var table: Table {
    Table(
      "Against the earlier run: new time / old time, 95 % interval",
      columns: [
        "benchmark/threads", .number("old"), .number("new"), .number("ratio"), .number("interval"), "",
      ],
      rows: comparison.rows.map { row in
        [
          Table.Cell(row.name), Table.Cell(Phrases.time(row.old)), Table.Cell(Phrases.time(row.new)),
          Table.Cell(NumberFormat.ratio(row.ratio.ratio)), Table.Cell(interval(row.ratio)),
          Table.Cell(row.verdict.text, tone: row.verdict.tone),
        ]
      })
  }

  private var summary: String {
    "\(comparison.count(.slower)) slower, \(comparison.count(.faster)) faster, "
      + "no difference seen in \(comparison.count(.noDifferenceSeen))"
  }

  private func interval(_ ratio: MedianRatio) -> String {
    ratio.interval.map {
      "\(NumberFormat.ratio($0.lowerBound))–\(NumberFormat.ratio($0.upperBound))"
    } ?? "too few"
  }
}

extension BenchmarkComparison.Row {
  /// The benchmark without its suite, which is the same for all.
  fileprivate var name: String { id.split(separator: "/").dropFirst().joined(separator: "/") }
}

extension BenchmarkComparison.Verdict {
  fileprivate var text: String {
    switch self {
    case .faster: "faster"
    case .slower: "slower"
    case .noDifferenceSeen: "no difference seen"
    }
  }

  fileprivate var tone: Report.Tone {
    switch self {
    case .faster: .good
    case .slower: .bad
    case .noDifferenceSeen: .neutral
    }
  }
}
