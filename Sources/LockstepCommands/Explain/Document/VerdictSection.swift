import Lockstep
import LockstepCore
import LockstepReports

/// What the curves say when held against each other, and how differences grow.
struct VerdictSection {
  private let comparisons: [CurveJudgement]

  init(_ record: ExperimentRecord) { comparisons = record.comparisons }

  /// Nil where nothing was compared.
  var section: Report.Section? {
    guard !comparisons.isEmpty else { return nil }
    let charts = comparisons.filter { $0.role == .total || $0.role == .dispatch }.compactMap(Self.chart)
    let notes = comparisons.flatMap { $0.comparison?.notes ?? [] }
    var unique: [String] = []
    for note in notes where !unique.contains(note) { unique.append(note) }
    return Report.Section(
      "Verdicts",
      [
        .paragraph(
          "Losses of the same seed, step by step. IDENTICAL: the same bits. EQUIVALENT (rounding): they differ, "
            + "and with confidence no faster than between runs that other kernels computed (the twins). DIVERGED: "
            + "faster than any rounding. INCONCLUSIVE: neither is shown, which is no proof of sameness."),
        .table(table),
      ] + charts.map { .chart($0) } + (unique.isEmpty ? [] : [.list(unique.map(Phrases.sentence))]))
  }

  private var table: Table {
    Table(
      "Who was compared with whom",
      columns: ["what changes", "from", "to", "verdict", "why"],
      rows: comparisons.map { judgement in
        let comparison = judgement.comparison
        return [
          .init(Self.name(judgement.role)), .init(judgement.first), .init(judgement.second),
          .init(comparison?.title ?? "none", tone: Self.tone(judgement)),
          .init(comparison?.reason ?? "there was no time for a step of both"),
        ]
      })
  }

  static func name(_ role: CurveJudgement.Role) -> String {
    switch role {
    case .repetition: "nothing: the same twice"
    case .protocol: "the process"
    case .dispatch: "the process and the kernels"
    case .translation: "the translator"
    case .total: "all of it"
    }
  }

  private static func tone(_ judgement: CurveJudgement) -> Report.Tone {
    switch judgement.comparison?.verdict {
    case .identical?, .equivalent?: .good
    case .diverged?, .faultyOperation?: .bad
    case .inconclusive?, .notComparable?: .caution
    case nil: .neutral
    }
  }

  private static func chart(_ judgement: CurveJudgement) -> Chart? {
    guard let growth = judgement.comparison?.growth, growth.points.count > 1 else { return nil }
    func points(_ value: (GrowthCurve.Point) -> Double?) -> [Chart.Point] {
      growth.points.compactMap { point in value(point).map { Chart.Point(Double(point.step), $0) } }
    }
    let twins = "twins: other kernels"
    var marks: [Chart.Mark] = [
      .band(Chart.Band(twins, lower: points(\.twinsLow), upper: points(\.twinsHigh))),
      .line(Chart.Series(twins, points(\.twinsMedian))),
      .band(Chart.Band(judgement.second, lower: points(\.low), upper: points(\.high))),
      .line(Chart.Series(judgement.second, points(\.median))),
    ]
    if points(\.twinsMedian).isEmpty { marks.removeFirst(2) }
    marks.append(.horizontalRule(LossDifference.unitRoundoff, label: "one rounding"))
    let last = growth.points[growth.points.count - 1]
    let twinsText = last.twinsMedian.map { ", the twins' at \(NumberFormat.scientific($0))" } ?? ""
    return Chart(
      "How \(judgement.second) departs from \(judgement.first)",
      summary:
        "After \(last.step) steps the median difference is at \(NumberFormat.scientific(last.median))\(twinsText).",
      x: .init("step"), y: .init("largest |Δ ln loss| so far", .logarithmic), marks: marks)
  }
}
