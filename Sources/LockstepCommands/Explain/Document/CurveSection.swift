import Lockstep
import LockstepCore
import LockstepReports

/// The losses of all seeds.
struct CurveSection {
  private let sets: [EngineCurves]
  private let engines: [EngineRecord]

  init(_ record: ExperimentRecord) {
    let compared = Set(
      record.comparisons.filter { $0.role != .repetition && $0.role != .protocol }.flatMap {
        [$0.first, $0.second]
      })
    sets = record.curves.filter { compared.contains($0.engine) && $0.shortest > 0 }
    engines = record.engines
  }

  /// Nil where nothing was trained.
  var section: Report.Section? {
    guard !sets.isEmpty else { return nil }
    return Report.Section(
      "Loss curves",
      [
        .paragraph(
          "The loss of each step's batch, before the step: the median over the seeds in front, single seeds "
            + "behind it. Where curves lie on each other only the last drawn is seen; the next section says "
            + "whether they are the same."),
        .chart(chart), .table(table),
      ])
  }

  private var chart: Chart {
    var marks: [Chart.Mark] = []
    for set in sets where set.curves.count > 1 {
      marks += set.curves.map { curve in
        .line(
          Chart.Series(
            set.engine, detail: "seed \(curve.seed)", points(curve.losses.map(Double.init)), isFaint: true))
      }
    }
    for set in sets { marks.append(.line(Chart.Series(set.engine, points(median(set))))) }
    let ends = sets.map { set in
      "\(set.engine) is at \(Phrases.number(median(set).last ?? .nan)) after \(Phrases.count(set.shortest, "step"))"
    }
    return Chart(
      "Loss", summary: "The median loss of \(Phrases.list(ends)).", x: .init("step"),
      y: .init("loss of the step's batch", .logarithmic), marks: marks)
  }

  private func points(_ losses: [Double]) -> [Chart.Point] {
    losses.enumerated().map { Chart.Point(Double($0.offset + 1), $0.element) }
  }

  /// The median over seeds, of the steps that all have.
  private func median(_ set: EngineCurves) -> [Double] {
    (0..<set.shortest).map { step in set.curves.map { Double($0.losses[step]) }.median }
  }

  private var table: Table {
    Table(
      "What was trained",
      columns: [
        "engine", .number("seeds"), .number("steps each"), .number("wanted"), .number("time per step"),
      ],
      texts: sets.map { set in
        [
          set.engine, "\(set.curves.count)", "\(set.shortest)", "\(set.wantedSteps)",
          "\(Phrases.number(set.curves.map(\.secondsPerStep).median * 1000)) ms",
        ]
      })
  }
}
