import Lockstep
import LockstepReports

extension ProbeTable {
  /// The probes as a report shows them: what differs, what follows, and how wrong OpenBLAS's norms are.
  var blocks: [Report.Block] {
    let shown = columns.filter { $0.architecture == columns.first?.architecture && !$0.rows.isEmpty }
    var blocks: [Report.Block] = []
    if let first = shown.first {
      let names = differing.filter { !Self.isMeasured($0) }
      let count = first.rows.count { !Self.isMeasured($0.name) }
      blocks.append(
        .paragraph(
          """
          Single instructions, each in a worker without a translator and under each that is here. \
          \(names.count) of \(count) give something else somewhere; the others are the same everywhere.
          """))
      if !names.isEmpty { blocks.append(.table(differences(names, shown))) }
    }
    blocks += [denormalTable, normTable].compactMap { $0.map(Report.Block.table) }
    let left = columns.flatMap { column in
      column.omissions.map { "\(column.engine), \($0.subject): \($0.reason)" }
    }
    if !left.isEmpty { blocks += [.paragraph("Not run here:"), .list(left)] }
    return blocks.isEmpty ? [.paragraph("No probe was run.")] : blocks
  }

  private func differences(_ names: [String], _ shown: [Column]) -> Table {
    Table(
      "Instructions whose results differ; texts of eight digits are the bits of a float or an int",
      columns: ["computation"] + shown.map { Table.Column($0.engine) } + ["what follows"],
      rows: names.map { name in
        let cells = shown.map { column in
          let text = column[name] ?? "not run"
          // The first column is the control's where there is one: a difference from it is to be seen.
          return Table.Cell(text, tone: text == shown[0][name] ? .neutral : .caution)
        }
        return [Table.Cell(name)] + cells + [Table.Cell(Self.consequence(of: name))]
      })
  }

  private var denormalTable: Table? {
    table(
      """
      Products of 4,096 float32 numbers in a loop of the worker's own: time for each, how many are zero, a \
      digest of their bits; flushed: with the control word set so that denormals are zero
      """, Self.isDenormal)
  }

  private var normTable: Table? {
    table(
      """
      Errors of OpenBLAS's Euclidean norms against exact sums of squares: dnrm2 in units of the last place, \
      snrm2 in u = 2⁻²⁴ of the norm
      """, Self.isNorm)
  }

  /// Some of the rows on every engine that has any; nil if none has.
  private func table(_ caption: String, _ belongs: (String) -> Bool) -> Table? {
    let shown = columns.filter { column in column.rows.contains { belongs($0.name) } }
    guard !shown.isEmpty else { return nil }
    var names: [String] = []
    for name in shown.flatMap(\.rows).map(\.name) where belongs(name) && !names.contains(name) {
      names.append(name)
    }
    return Table(
      caption, columns: ["computation"] + shown.map { Table.Column($0.engine, isNumeric: true) },
      rows: names.map { name in
        [Table.Cell(name)]
          + shown.map { column in
            let text = column[name] ?? "–"
            return Table.Cell(text, tone: text == "infinite" ? .bad : .neutral)
          }
      })
  }

  private static func isMeasured(_ name: String) -> Bool { isNorm(name) || isDenormal(name) }

  private static func isDenormal(_ name: String) -> Bool { name.hasPrefix("product of ") }

  private static func isNorm(_ name: String) -> Bool {
    name.hasPrefix("dnrm2") || name.hasPrefix("snrm2") || name == "BLAS core"
  }

  /// What a program notices where an instruction gives something else.
  static func consequence(of name: String) -> String {
    switch name {
    case "flush to zero", "denormals are zero":
      "a library that switches denormals off gets other numbers"
    case "rounding mode": "interval arithmetic is wrong; training rounds to nearest everywhere"
    case "exception flags": "a program can't learn that a result was inexact"
    case "x87 significand": "long double, and OpenBLAS's dnrm2, lose 11 bits"
    case "x87 1e300 squared": "dnrm2 of large numbers overflows"
    case "rcpss", "rsqrtss": "code that refines the approximation gets other bits, and better ones"
    case "AVX", "FMA", "SSE4.2": "libraries select other kernels, which round otherwise: dispatch"
    case _ where name.hasSuffix("instruction"):
      "a program that takes the CPU for a newer one ends with SIGILL"
    case _ where name.hasPrefix("cvt") || name.hasPrefix("fcvt"):
      "other integers are made of numbers that are too large"
    case _ where name.contains("NaN"): "another NaN comes out; it is one in any case"
    case "0 / 0", "inf - inf", "sqrt -1": "a NaN has another sign"
    default: "another of two operands is kept"
    }
  }
}
