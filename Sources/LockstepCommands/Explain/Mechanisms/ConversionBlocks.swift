import Lockstep
import LockstepCore
import LockstepReports

extension ConversionFindings {
  /// The experiment as a report shows it.
  var blocks: [Report.Block] {
    guard !rows.isEmpty else {
      return [.paragraph("No conversion was done.")] + Omission.blocks(omissions)
    }
    let wrong = rows.flatMap { row in row.wrong.map { "\($0) (\(row.engine))" } }
    var blocks: [Report.Block] = [
      .paragraph(
        """
        Numbers at the edges of every type, among them −1, 255, 3·10⁹, 2⁵³ + 1, infinity and NaN, converted to \
        every type and back, and the int64 tensor [[1, 2], [3, 4]] plus 1. Results are held against what \
        conversion is defined to give, not against another engine.
        """),
      .table(engineTable),
    ]
    if !wrong.isEmpty { blocks.append(.list(wrong)) }
    if !roundTrips.isEmpty { blocks.append(.table(roundTripTable)) }
    return blocks + Omission.blocks(omissions)
  }

  private var engineTable: Table {
    Table(
      "Conversions by engine",
      columns: [
        "engine", .number("conversions"), .number("wrong"), "[[1, 2], [3, 4]] + 1", "its type",
        .number("a long int64 tensor + 1"), .number("time"),
      ],
      rows: rows.map { row in
        [
          Table.Cell(row.engine), Table.Cell(NumberFormat.grouped(row.checked)),
          Table.Cell(
            row.wrong.isEmpty ? "none" : NumberFormat.grouped(row.wrong.count),
            tone: row.wrong.isEmpty ? .good : .bad),
          Table.Cell(Self.matrix(row.sum), tone: row.isSumRight ? .good : .bad), Table.Cell(row.sumDType),
          Table.Cell(
            "\(NumberFormat.grouped(row.longSumWrong)) of \(NumberFormat.grouped(row.longSumCount)) wrong",
            tone: row.longSumWrong == 0 ? .good : .bad),
          Table.Cell(Phrases.time(row.longSumSeconds)),
        ]
      })
  }

  /// Four numbers as two rows, any others as one.
  private static func matrix(_ numbers: [Int64]) -> String {
    numbers.count == 4 ? "\([numbers[..<2], numbers[2...]].map(Array.init))" : "\(numbers)"
  }

  private var roundTripTable: Table {
    let types = roundTrips.map(\.from).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return Table(
      "Numbers that come back from another type with the same bits, on every engine: the types' own loss",
      columns: ["from and back to"] + types.map { Table.Column("through \($0)", isNumeric: true) },
      rows: types.map { from in
        [Table.Cell(from)]
          + types.map { through in
            let trip = roundTrips.first { $0.from == from && $0.through == through }
            return Table.Cell(trip.map { "\($0.returned) of \($0.count)" } ?? "–")
          }
      })
  }
}
