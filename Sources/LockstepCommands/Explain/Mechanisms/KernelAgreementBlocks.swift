import Lockstep
import LockstepCore
import LockstepReports

extension KernelAgreement {
  /// The experiment as a report shows it.
  var blocks: [Report.Block] {
    var blocks: [Report.Block] = [
      .paragraph(
        """
        Each kernel set multiplied the same float32 matrices, \(rowCount) × K by K × \(columnCount), for every \
        K from 1 to \(largestInner). K* is the first K at which two of them differ in any bit. Neither is the \
        right one: errors are held against double precision.
        """),
      .table(kernelTable),
    ]
    if !pairs.isEmpty { blocks += [.table(matrix), .table(pairTable)] }
    if let note { blocks.append(.paragraph(Phrases.sentence(note) + ".")) }
    return blocks
  }

  private var kernelTable: Table {
    Table(
      "Kernel sets of OpenBLAS, untranslated unless their name says otherwise",
      columns: ["kernel set", "here", .number("largest error (u·|A||B|)"), "remark"],
      rows: kernels.map { kernel in
        [
          Table.Cell(kernel.name),
          Table.Cell(kernel.didRun ? "runs" : "not run here"),
          Table.Cell(kernel.didRun ? Phrases.number(kernel.largestError) : "–"),
          Table.Cell(kernel.problem ?? ""),
        ]
      })
  }

  private var matrix: Table {
    let names = kernels.filter(\.didRun).map(\.name)
    return Table(
      "K* for every two kernel sets; ≡ where no K up to \(largestInner) differs",
      columns: ["K*"] + names.map(Table.Column.number),
      rows: names.map { row in
        [Table.Cell(row)] + names.map { column in Table.Cell(row == column ? "" : cell(row, column)) }
      })
  }

  private func cell(_ row: String, _ column: String) -> String {
    guard let pair = pair(row, column) else { return "–" }
    if let first = pair.firstDifference { return "\(first)" }
    return pair.largestInner < largestInner ? "> \(pair.largestInner)" : "≡"
  }

  private var pairTable: Table {
    let differing = pairs.filter { $0.firstDifference != nil }
    return Table(
      "What differs from K* on, against products in double precision for scale",
      columns: [
        "kernel sets", .number("K*"), .number("elements at K*"), .number("elements beyond"),
        .number("K that differ"), .number("largest difference (ulp)"), .number("(u·|A||B|)"),
      ],
      rows: differing.sorted { ($0.firstDifference ?? 0) > ($1.firstDifference ?? 0) }.map { pair in
        let first = pair.firstDifference ?? 0
        return [
          Table.Cell("\(pair.first), \(pair.second)"),
          Table.Cell("\(first)"),
          Table.Cell(Phrases.percent(pair.shareAtFirst)),
          Table.Cell(Phrases.percent(pair.shareBeyond)),
          Table.Cell("\(pair.differingInnerCount) of \(pair.largestInner - first + 1)"),
          Table.Cell(Phrases.number(pair.largestUlps)),
          Table.Cell(Phrases.number(pair.largestDifference)),
        ]
      })
  }
}
