import Lockstep
import LockstepCore
import LockstepReports

extension ErrorGrowth {
  /// The experiment as a report shows it.
  var blocks: [Report.Block] {
    let quantities = Quantity.allCases.filter { quantity in
      series(of: quantity).contains { !$0.points.isEmpty }
    }
    guard !quantities.isEmpty else {
      return [.paragraph(Phrases.sentence(note ?? "nothing was measured") + ".")]
    }
    var blocks: [Report.Block] = [
      .paragraph(
        """
        Random numbers, added in float32 in several ways. Errors are against double precision, in \
        u = 2⁻²⁴ of the exact result, and medians over draws of the numbers: 1 is what one rounding can do. \
        Plain loops are Lockstep's own and run no kernel.
        """)
    ]
    for quantity in quantities { blocks += [.chart(chart(quantity)), .table(table(quantity))] }
    if let note { blocks.append(.paragraph(Phrases.sentence(note) + ".")) }
    return blocks
  }

  private func chart(_ quantity: Quantity) -> Chart {
    let shown = series(of: quantity).filter { !$0.points.isEmpty }
    return Chart(
      "Error of \(quantity.title) against n", summary: summary(quantity, shown),
      x: Chart.Axis(quantity == .matmul ? "terms of an element, K" : "numbers, n", .logarithmic),
      y: Chart.Axis("error (2⁻²⁴)", .logarithmic),
      marks: shown.map { series in
        .line(
          Chart.Series(series.name, series.points.map { Chart.Point(Double($0.count), $0.median) }))
      })
  }

  private func summary(_ quantity: Quantity, _ shown: [Series]) -> String {
    let last = shown.compactMap { series in series.points.last.map { (series.name, $0) } }
    guard let worst = last.max(by: { $0.1.median < $1.1.median }),
      let best = last.min(by: { $0.1.median < $1.1.median })
    else { return "Nothing was measured." }
    return """
      At the largest n the error is largest with \(worst.0), \(Phrases.number(worst.1.median)) units, and \
      smallest with \(best.0), \(Phrases.number(best.1.median)).
      """
  }

  private func table(_ quantity: Quantity) -> Table {
    let hasValues = series(of: quantity).contains { $0.points.last?.value != nil }
    let values: [Table.Column] = hasValues ? [.number("computed"), .number("exact")] : []
    return Table(
      "Error of \(quantity.title) at the largest n",
      columns: ["by", "code", .number("n"), .number("error (2⁻²⁴)"), .number("grows as n to the")] + values
        + ["remark"],
      rows: series(of: quantity).map { row($0, hasValues: hasValues) })
  }

  private func row(_ series: Series, hasValues: Bool) -> [Table.Cell] {
    let last = series.points.last
    func number(_ value: Double?, _ digits: Int) -> Table.Cell {
      Table.Cell(value.map { NumberFormat.fixed($0, digits) } ?? "–")
    }
    let values = hasValues ? [number(last?.value, 4), number(last?.exact, 4)] : []
    return [
      Table.Cell(series.name), Table.Cell(series.kind.title),
      Table.Cell(last.map { NumberFormat.grouped($0.count) } ?? "–"),
      Table.Cell(last.map { Phrases.number($0.median) } ?? "not run here"),
      number(series.exponent, 2),
    ] + values + [Table.Cell(series.problem ?? "")]
  }
}

extension ErrorGrowth.Quantity {
  /// What it is called in a sentence.
  var title: String {
    switch self {
    case .sum: "a sum"
    case .dot: "a dot product"
    case .matmul: "a matrix product"
    case .onePassVariance: "a variance in one pass"
    case .twoPassVariance: "a variance in two passes"
    case .probabilitySum: "the sum of softmax's probabilities"
    case .probability: "softmax's probabilities, the worst of them"
    }
  }
}

extension ErrorGrowth.Kind {
  /// What it is called in a table.
  fileprivate var title: String {
    switch self {
    case .plain: "plain loop"
    case .lockstep: "Lockstep's kernels"
    case .blas: "OpenBLAS"
    }
  }
}
