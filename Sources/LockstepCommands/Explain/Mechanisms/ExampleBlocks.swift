import Lockstep
import LockstepCore
import LockstepReports

extension AccountExamples {
  /// The examples as a report shows them.
  var blocks: [Report.Block] {
    guard !runs.isEmpty else { return [.paragraph("No example was run.")] + Omission.blocks(omissions) }
    var blocks: [Report.Block] = [
      .paragraph(
        """
        The account's own examples on every engine. Where a translator would take too long for the size that is \
        asked for, the largest size that it had time for is done; times are then not for the same work, and \
        their ratio is by operation. Errors are of sampled elements against exact ones, in u·Σ|a||b|: 1 is one \
        rounding.
        """)
    ]
    for subject in Subject.allCases {
      let shown = runs.filter { $0.subject == subject }
      if shown.isEmpty { continue }
      blocks += [.chart(chart(subject, shown)), .table(table(subject, shown))]
      let bits = equalities.filter { $0.subject == subject }
      if !bits.isEmpty { blocks.append(.table(bitTable(subject, bits))) }
    }
    return blocks + Omission.blocks(omissions)
  }

  private func chart(_ subject: Subject, _ shown: [Run]) -> Chart {
    let slowest = shown.compactMap { run in slowdown(of: run).map { (run.engine, $0) } }.max { $0.1 < $1.1 }
    return Chart(
      "Time for each operation of: \(subject.rawValue)",
      summary: slowest.map { "The slowest, \($0.0), takes \(Phrases.times($0.1)) as long as native." }
        ?? "Nothing to compare with.",
      x: Chart.Axis("engine", .categories(shown.map(\.engine))),
      y: Chart.Axis("ns for each multiplication and addition", .logarithmic),
      marks: [.bars(Chart.Bars("later calls", values: shown.map { $0.secondsPerOperation * 1e9 }))])
  }

  private func table(_ subject: Subject, _ shown: [Run]) -> Table {
    Table(
      subject.rawValue,
      columns: [
        "engine", .number("size asked for"), .number("size done"), .number("first call"),
        .number("later, median"), .number("times native"), .number("error (u·Σ|a||b|)"), .number("sampled"),
      ],
      rows: shown.map { run in
        let asked = subject.askedSize
        return [
          Table.Cell(run.engine), Table.Cell("\(asked) × \(asked)"),
          Table.Cell(
            "\(run.size) × \(run.size)\(run.isComplete ? "" : ", cut")",
            tone: run.isComplete ? .neutral : .caution),
          Table.Cell(Phrases.time(run.firstSeconds)),
          Table.Cell(run.warmSeconds.map { "\(Phrases.time($0)) of \(run.repetitions)" } ?? "no time"),
          Table.Cell(slowdown(of: run).map(Phrases.number) ?? "–"),
          Table.Cell(run.error.isFinite ? Phrases.number(run.error) : "not finite"),
          Table.Cell("\(run.sampled)"),
        ]
      })
  }

  /// How many times as long as natively an operation takes; nil where one of the two has no time.
  func slowdown(of run: Run) -> Double? {
    guard let native = runs.first(where: { $0.subject == run.subject && $0.engine == Engine.native().name })
    else { return nil }
    return run.secondsPerOperation / native.secondsPerOperation
  }

  private func bitTable(_ subject: Subject, _ bits: [Equality]) -> Table {
    Table(
      "Bits of: \(subject.rawValue)",
      columns: ["engine", "and engine", .number("size"), .number("elements that differ"), "bits"],
      rows: bits.map { pair in
        [
          Table.Cell(pair.first), Table.Cell(pair.second), Table.Cell("\(pair.size) × \(pair.size)"),
          Table.Cell(
            "\(NumberFormat.grouped(pair.differing)) of \(NumberFormat.grouped(pair.count))"),
          Table.Cell(pair.differing == 0 ? "the same" : "other"),
        ]
      })
  }
}

extension AccountExamples.Run {
  /// Seconds for each multiplication and addition: of later calls, of the first where there was time for no
  /// other.
  var secondsPerOperation: Double {
    let size = Double(size)
    // 3 × 3 × 3 × 16 for each pixel; as many as rows for each element of a product.
    let work = subject == .convolution ? size * size * 432 : size * size * size
    return (warmSeconds ?? firstSeconds) / work
  }
}
