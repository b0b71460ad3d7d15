import Lockstep
import LockstepCore
import LockstepReports

/// Why a step takes longer elsewhere.
struct TimeSection {
  private let times: [TimeFactors]
  private let engines: [EngineRecord]

  init(_ record: ExperimentRecord) {
    times = record.times
    engines = record.engines
  }

  /// Nil where there is nothing to compare.
  var section: Report.Section? {
    guard let first = times.first, first.engines.count > 1 else { return nil }
    return Report.Section(
      "Time",
      [
        .paragraph(
          "From one engine to the next a single thing changes: the process (protocol), the kernels (dispatch), "
            + "the translator (translation). All of them trained the same model in turn, over and over; a factor "
            + "is the geometric mean of the ratios of their step times, so that the product is the total. The "
            + "intervals hold what this machine's noise did, not what another machine would."),
        .table(factors), .chart(chart), .table(startup),
      ])
  }

  private var factors: Table {
    var rows: [[String]] = []
    for times in times {
      // The way up to the translator is the same for all of them.
      let isFirst = times.translator == self.times[0].translator
      rows += (isFirst ? times.factors : times.factors.suffix(1)).map(row)
      if let total = times.total { rows.append(row(total)) }
    }
    return Table(
      "How many times as long a step takes",
      columns: ["factor", "from", "to", .number("times"), .number("95 % interval"), .number("repetitions")],
      texts: rows)
  }

  private func row(_ factor: TimeFactors.Factor) -> [String] {
    [
      factor.name, factor.from, factor.to, Phrases.number(factor.ratio.ratio),
      Phrases.interval(factor.ratio) ?? "–", "\(factor.ratio.counts[0])",
    ]
  }

  /// Every engine's time, each once.
  private var engineTimes: [TimeFactors.EngineTime] {
    var result: [TimeFactors.EngineTime] = []
    for time in times.flatMap(\.engines) where !result.contains(where: { $0.engine == time.engine }) {
      result.append(time)
    }
    return result
  }

  private var chart: Chart {
    let milliseconds = engineTimes.map { $0.secondsPerStep * 1000 }
    let spans = engineTimes.map { time -> ClosedRange<Double>? in
      guard let low = time.stepSeconds.min(), let high = time.stepSeconds.max() else { return nil }
      return low * 1000...high * 1000
    }
    let summary = zip(engineTimes, milliseconds).map { "\($0.engine) \(Phrases.number($1)) ms" }
    return Chart(
      "Time of a training step", summary: "The median step takes: \(summary.joined(separator: ", ")).",
      x: .init("", .categories(engineTimes.map(\.engine))),
      y: .init("time per step (ms), least to most of the repetitions", .logarithmic),
      marks: [.bars(Chart.Bars("median step", values: milliseconds, intervals: spans))])
  }

  private var startup: Table {
    Table(
      "Starting, which is apart from the above",
      columns: ["engine", .number("ready after")],
      texts: engines.compactMap { engine in
        engine.startupSeconds.map { [engine.name, "\(Phrases.number($0 * 1000)) ms"] }
      })
  }
}
