import Lockstep
import LockstepCore
import LockstepReports

/// How a rounding grows into another training.
struct ChaosSection {
  private let chaos: Chaos?

  init(_ record: ExperimentRecord) { chaos = record.chaos }

  /// Nil where there was no time for it.
  var section: Report.Section? {
    guard let chaos else { return nil }
    let growth: [Report.Block] = chaos.variants.isEmpty ? [] : [.chart(chart(chaos)), .table(table(chaos))]
    return Report.Section(
      "How a rounding grows",
      [
        .paragraph(
          "Seeds trained on \(chaos.first) and on \(chaos.second), which round differently. A ReLU or a max pool "
            + "decides: a number that is a rounding above zero with one set of kernels and a rounding below with "
            + "the other makes two different nets. A smooth model, with tanh and average pools in their place, "
            + "only rounds. This is no fault of anybody's: it is what training does.")
      ] + growth + (chaos.trails.isEmpty ? [] : [.table(trails(chaos))]))
  }

  static func name(_ variant: Chaos.Variant) -> String {
    variant.isSmooth ? "smooth: tanh, average pools" : "the model as it is"
  }

  private func chart(_ chaos: Chaos) -> Chart {
    let marks = chaos.variants.flatMap { variant in
      variant.seeds.map { seed in
        Chart.Mark.line(
          Chart.Series(
            Self.name(variant), detail: "seed \(seed.seed)",
            seed.differences.enumerated().map { Chart.Point(Double($0.offset + 1), $0.element) }))
      }
    }
    let ends = chaos.variants.map {
      "\(Self.name($0)) \(NumberFormat.scientific($0.medianLargest))"
    }
    return Chart(
      "Loss difference between two sets of kernels",
      summary: "The median over seeds of the largest difference: \(Phrases.list(ends)).", x: .init("step"),
      y: .init("|Δ ln loss|, none drawn where it is 0", .logarithmic), marks: marks)
  }

  private func table(_ chaos: Chaos) -> Table {
    Table(
      "The largest difference within \(Phrases.count(chaos.stepCount, "step"))",
      columns: ["model", .number("seeds"), .number("least"), .number("median"), .number("most")],
      texts: chaos.variants.map { variant in
        let largest = variant.seeds.map(\.largest)
        let figures = [largest.min() ?? .nan, variant.medianLargest, largest.max() ?? .nan]
        return [Self.name(variant), "\(largest.count)"] + figures.map(NumberFormat.scientific)
      })
  }

  private func trails(_ chaos: Chaos) -> Table {
    Table(
      "The first unit that decides otherwise, with both kernels training in lockstep",
      columns: [
        "seed", "first flip", .number("steps watched"), .number("|Δ ln loss| before it"),
        .number("in the \(FlipTrail.window + 1) steps from it on"),
      ],
      texts: chaos.trails.map { trail in
        [
          "\(trail.seed)", trail.flip ?? "none",
          "\(trail.stepCount)", NumberFormat.scientific(trail.before),
          trail.after.map(NumberFormat.scientific) ?? "–",
        ]
      })
  }
}
