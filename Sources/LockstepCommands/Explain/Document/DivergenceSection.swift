import Lockstep
import LockstepCore
import LockstepReports

/// The fates of many seeds where the learning rate is almost too large.
struct DivergenceSection {
  private let divergence: Divergence?

  init(_ record: ExperimentRecord) { divergence = record.divergence }

  /// Nil where there was no time for it.
  var section: Report.Section? {
    guard let divergence, !divergence.fates.isEmpty else { return nil }
    return Report.Section(
      "Which seeds fail, and how many",
      [
        .paragraph(
          "Trained at a learning rate of \(NumberFormat.significant(divergence.learningRate)), found by trying "
            + "\(divergence.trials.count), for \(Phrases.count(divergence.stepCount, "step")). A training has "
            + "failed if a loss is not finite, or if at the end it does no better than guessing (a mean loss "
            + "above \(NumberFormat.fixed(divergence.lossLimit, 3))). Which seeds fail is chaos near that rate; "
            + "whether more of them fail is the question."),
        .chart(chart(divergence)), .table(fates(divergence)), .table(pairs(divergence)),
      ])
  }

  private func chart(_ divergence: Divergence) -> Chart {
    let shares = divergence.fates.map { "\($0.engine) \(Phrases.percent($0.share))" }
    return Chart(
      "Share of seeds that fail",
      summary: "Of the seeds fail: \(shares.joined(separator: ", ")); the intervals are exact, at 95 %.",
      x: .init("", .categories(divergence.fates.map(\.engine))), y: .init("share of seeds that fail"),
      marks: [
        .bars(
          Chart.Bars(
            "failed", values: divergence.fates.map(\.share),
            intervals: divergence.fates.map { $0.lower...$0.upper }))
      ])
  }

  private func fates(_ divergence: Divergence) -> Table {
    Table(
      "Seeds that fail",
      columns: [
        "engine", .number("seeds"), .number("failed"), .number("share"), .number("95 % interval (exact)"),
      ],
      texts: divergence.fates.map { fates in
        [
          fates.engine, "\(fates.seeds.count)", "\(fates.failed.count)", Phrases.percent(fates.share),
          "\(Phrases.percent(fates.lower)) to \(Phrases.percent(fates.upper))",
        ]
      })
  }

  private func pairs(_ divergence: Divergence) -> Table {
    Table(
      "The same seeds on two engines",
      columns: [
        "one", "other", .number("seeds"), .number("same bits"), .number("fail on one only"),
        .number("on the other only"), .number("McNemar's p"), .number("difference, 95 %"),
      ],
      texts: divergence.pairs.map { pair in
        [
          pair.first, pair.second, "\(pair.seedCount)", "\(pair.identicalCount)", "\(pair.onlyFirst)",
          "\(pair.onlySecond)", NumberFormat.fixed(pair.pValue, 3),
          "\(signed(pair.lower)) to \(signed(pair.upper))",
        ]
      })
  }

  private func signed(_ share: Double) -> String { "\(share < 0 ? "−" : "+")\(Phrases.percent(abs(share)))" }
}
