import Lockstep
import LockstepCore
import LockstepReports

extension DenormalCosts {
  /// The experiment as a report shows it.
  var blocks: [Report.Block] {
    guard !rows.isEmpty else { return [.paragraph("Nothing was measured.")] + missing }
    return [
      .paragraph(
        """
        The same operations on normal and on denormal float32 numbers. A ratio is what denormals cost on that \
        engine; whether they are right is held against IEEE 754. Lockstep never flushes them to zero.
        """),
      .chart(chart), .table(table),
    ] + missing
  }

  private var missing: [Report.Block] { Omission.blocks(omissions) }

  private var operations: [String] {
    rows.map(\.operation).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private var engines: [String] {
    rows.map(\.engine).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private var chart: Chart {
    let dearest = rows.max { $0.ratio < $1.ratio }
    return Chart(
      "What denormal operands cost",
      summary: dearest.map {
        "At most \(Phrases.times($0.ratio)) as long as normal ones: \($0.operation) on \($0.engine)."
      } ?? "",
      x: Chart.Axis("engine", .categories(engines)),
      y: Chart.Axis("time of denormal operands, normal = 1"),
      marks: operations.map { operation in
        .bars(
          Chart.Bars(
            operation,
            values: engines.map { engine in
              rows.first { $0.engine == engine && $0.operation == operation }?.ratio ?? .nan
            }))
      } + [.horizontalRule(1, label: "no cost")])
  }

  private var table: Table {
    Table(
      "Denormal operands",
      columns: [
        "operation", "engine", .number("numbers"), .number("normal"), .number("denormal"), .number("ratio"),
        "results",
      ],
      rows: rows.map { row in
        [
          Table.Cell(row.operation), Table.Cell(row.engine), Table.Cell(NumberFormat.grouped(row.count)),
          Table.Cell(Phrases.time(row.normalSeconds)), Table.Cell(Phrases.time(row.denormalSeconds)),
          Table.Cell(Phrases.number(row.ratio)),
          row.wrong == 0
            ? Table.Cell("as IEEE 754 has them", tone: .good)
            : Table.Cell(
              "\(NumberFormat.grouped(row.wrong)) other than IEEE 754's, "
                + "\(NumberFormat.grouped(row.flushed)) of them 0", tone: .bad),
        ]
      })
  }
}

extension Omission {
  /// What was left out, as a list; nothing if nothing was.
  static func blocks(_ omissions: [Omission]) -> [Report.Block] {
    omissions.isEmpty
      ? [] : [.paragraph("Not run here:"), .list(omissions.map { "\($0.subject): \($0.reason)" })]
  }
}

extension Phrases {
  /// A short time as `12.3 ms`, `4.56 µs`, a longer one as anywhere else.
  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds > 0 else { return "?" }
    if seconds >= 1 { return NumberFormat.duration(seconds) }
    return seconds >= 1e-3
      ? "\(NumberFormat.significant(seconds * 1e3)) ms" : "\(NumberFormat.significant(seconds * 1e6)) µs"
  }
}
