import Lockstep
import LockstepCore

/// A part of an experiment in a line, once it is over.
enum PartSummary {
  static func line(_ part: ExperimentPart, _ record: ExperimentRecord) -> String {
    switch part {
    case .engines:
      let started = record.engines.filter(\.didStart).count
      return "\(started) of \(record.engines.count) ways to compute run here"
    case .time: return time(record)
    case .curves:
      let steps = record.curves.flatMap(\.curves).reduce(0) { $0 + $1.losses.count }
      let trainings = record.curves.reduce(0) { $0 + $1.curves.count }
      return "\(Phrases.count(trainings, "training")), \(Phrases.count(steps, "step")) in all"
    case .square: return square(record.square)
    case .mechanisms: return mechanisms(record)
    case .chaos: return chaos(record.chaos)
    case .divergence: return divergence(record.divergence)
    }
  }

  private static func time(_ record: ExperimentRecord) -> String {
    let totals = record.times.compactMap { times in
      times.total.map { "\(times.translator ?? $0.to) \(Phrases.times($0.ratio.ratio))" }
    }
    return totals.isEmpty ? "nothing to compare" : "as long as native: \(totals.joined(separator: ", "))"
  }

  private static func square(_ square: AttributionSquare?) -> String {
    guard let square else { return "none" }
    let steps = square.cells.map(\.curve.losses.count).min() ?? 0
    return "\(Phrases.count(square.cells.count, "cell")) of \(Phrases.count(steps, "step"))"
  }

  private static func mechanisms(_ record: ExperimentRecord) -> String {
    let rows = record.mechanisms.map(MechanismTable.rows) ?? []
    let counts = [MechanismRow.Outcome.reproduced, .notReproduced, .notRunHere].map { outcome in
      "\(rows.filter { $0.outcome == outcome }.count) \(outcome.rawValue)"
    }
    return counts.joined(separator: ", ")
  }

  private static func chaos(_ chaos: Chaos?) -> String {
    guard let chaos else { return "none" }
    let figures = chaos.variants.map {
      "\(ChaosSection.name($0)) \(NumberFormat.scientific($0.medianLargest))"
    }
    return "losses part by: \(figures.joined(separator: ", "))"
  }

  private static func divergence(_ divergence: Divergence?) -> String {
    guard let divergence, let first = divergence.fates.first else { return "none" }
    return
      "\(first.failed.count) of \(Phrases.count(first.seeds.count, "seed")) fail natively at learning rate "
      + NumberFormat.significant(divergence.learningRate)
  }
}
