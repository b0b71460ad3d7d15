import Lockstep
import LockstepReports

/// {untranslated, translated} × {kernels A, kernels B}.
struct SquareSection {
  private let square: AttributionSquare?

  init(_ record: ExperimentRecord) { square = record.square }

  /// Nil where there are not two cells.
  var section: Report.Section? {
    guard let square, !(square.translation + square.kernels).isEmpty else { return nil }
    return Report.Section(
      "What changes bits, and what changes time",
      [
        .paragraph(
          "One seed, trained in the four corners of a square: with two sets of kernels, each as it is and under "
            + "\(square.translator). Along one kind of edge only the translator changes, along the other only "
            + "the kernels; what changes along an edge is ascribed to it."),
        .table(cells(square)), .table(edges(square)),
      ])
  }

  private func cells(_ square: AttributionSquare) -> Table {
    Table(
      "The corners",
      columns: [
        "kernels of", "translated", .number("steps"), "last loss", "weights (SHA-256)",
        .number("time per step"),
      ],
      texts: square.cells.map { cell in
        [
          cell.profile, cell.isTranslated ? "by \(square.translator)" : "no", "\(cell.curve.losses.count)",
          cell.curve.losses.last.map { "\($0)" } ?? "–",
          cell.curve.weights.last.map { "\($0.digest.prefix(16))… after \($0.step)" } ?? "–",
          "\(Phrases.number(cell.curve.secondsPerStep * 1000)) ms",
        ]
      })
  }

  private func edges(_ square: AttributionSquare) -> Table {
    let all = square.translation.map { ("translation", $0) } + square.kernels.map { ("kernels", $0) }
    return Table(
      "The edges",
      columns: ["what changes", "from", "to", "bits", .number("times as long")],
      rows: all.map { name, edge in
        // Kernels may change bits; a translator may not.
        let tone: Report.Tone = edge.hasSameBits ? .good : name == "kernels" ? .neutral : .bad
        return [
          .init(name), .init(edge.from), .init(edge.to), .init(Self.bits(edge), tone: tone),
          .init(Phrases.number(edge.timeRatio)),
        ]
      })
  }

  private static func bits(_ edge: AttributionSquare.Edge) -> String {
    if let first = edge.firstDifference { return "differ from step \(first + 1) on" }
    if edge.hasSameWeights == false { return "same losses, other weights" }
    return edge.hasSameBits ? "the same (\(Phrases.count(edge.stepCount, "step")))" : "not compared"
  }
}
