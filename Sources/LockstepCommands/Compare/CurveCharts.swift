import Lockstep
import LockstepCore
import LockstepReports
import LockstepTraining

/// The charts of comparisons.
enum CurveCharts {
  /// More points than this are not seen, and make a report large.
  private static let pointLimit = 500

  /// The losses of every set: its median, its extremes, and each seed standing back.
  static func losses(_ sets: [CurveSet]) -> Chart {
    let isPositive = sets.allSatisfy { $0.curves.allSatisfy { $0.losses.allSatisfy { !($0 <= 0) } } }
    var marks: [Chart.Mark] = []
    for set in sets { marks += self.marks(of: set) }
    return Chart(
      "Loss",
      summary: "The loss of every step. "
        + sets.map { set in
          let ends = set.curves.map(\.finalLoss)
          return "\(set.name) ends at \(NumberFormat.fixed(ends.median, 4))"
        }.joined(separator: ", ") + ".",
      x: .init("step"), y: .init("loss", isPositive ? .logarithmic : .linear), marks: marks)
  }

  private static func marks(of set: CurveSet) -> [Chart.Mark] {
    guard set.curves.count > 1 else {
      let curve = set.curves[0]
      return [.line(Chart.Series(set.name, thinned(curve.steps, curve.losses)))]
    }
    let (steps, losses) = set.common
    func each(_ summary: ([Double]) -> Double) -> [Chart.Point] {
      thinned(steps, steps.indices.map { step in summary(losses.map { $0[step] }) })
    }
    let band = Chart.Band(
      set.name, lower: each { $0.min() ?? .nan }, upper: each { $0.max() ?? .nan })
    let seeds = set.curves.map { curve in
      Chart.Mark.line(
        Chart.Series(
          set.name, detail: curve.seed.map { "seed \($0)" } ?? curve.label,
          thinned(curve.steps, curve.losses), isFaint: true))
    }
    return [.band(band)] + seeds + [.line(Chart.Series(set.name, detail: "median", each(\.median)))]
  }

  /// How differences grow, with the twins' for a measure.
  static func growth(_ comparison: CurveComparison) -> Chart? {
    guard let points = comparison.growth?.points, points.count > 1 else { return nil }
    func series(_ value: (GrowthCurve.Point) -> Double) -> [Chart.Point] {
      points.map { Chart.Point(Double($0.step), value($0)) }
    }
    let name = "\(comparison.nameB) − \(comparison.nameA)"
    var marks: [Chart.Mark] = []
    if points[0].twinsMedian != nil {
      marks = [
        .band(
          Chart.Band("twins", lower: series { $0.twinsLow ?? .nan }, upper: series { $0.twinsHigh ?? .nan })),
        .line(Chart.Series("twins", series { $0.twinsMedian ?? .nan })),
      ]
    }
    marks += [
      .band(Chart.Band(name, lower: series(\.low), upper: series(\.high))),
      .line(Chart.Series(name, series(\.median))),
      .horizontalRule(GrowthTest.windowLimit, label: "100 roundings"),
      .horizontalRule(Parting.threshold, label: "seen by eye"),
    ]
    if let step = comparison.partings.compactMap(\.firstPartedStep).min() {
      marks.append(.verticalRule(Double(step), label: "curves part"))
    }
    let last = points[points.count - 1]
    return Chart(
      "How the difference grows",
      summary: "The largest difference of the logarithms of the losses so far, from "
        + "\(NumberFormat.scientific(points[0].median)) in step \(points[0].step) to "
        + "\(NumberFormat.scientific(last.median)) in step \(last.step) (median over seeds).",
      x: .init("step"), y: .init("largest difference of ln loss so far", .logarithmic), marks: marks)
  }

  /// What each set takes for an epoch or a step; nil where a set's times are not known.
  static func times(_ sets: [CurveSet], _ comparisons: [CurveComparison]) -> Chart? {
    let times = comparisons.compactMap(\.time)
    guard let first = times.first, times.count == comparisons.count,
      times.allSatisfy({ $0.unit == first.unit })
    else { return nil }
    let means = ([first.samplesA] + times.map(\.samplesB)).compactMap { GeometricMean(of: $0) }
    guard means.count == sets.count else { return nil }
    let title = first.unit == "epoch" ? "Time an epoch takes" : "Time a step takes"
    let unit = "seconds"
    return Chart(
      title,
      summary: zip(sets, means).map { "\($0.name) \(NumberFormat.duration($1.value))" }.joined(
        separator: ", ")
        + "; intervals hold the mean with 95 % confidence.",
      x: .init("", .categories(sets.map(\.name))), y: .init(unit),
      marks: [.bars(Chart.Bars(unit, values: means.map(\.value), intervals: means.map(\.interval)))])
  }

  /// Some of the points, evenly spread, the last among them.
  private static func thinned(_ steps: [Int], _ values: [Double]) -> [Chart.Point] {
    let stride = max(1, (steps.count + pointLimit - 1) / pointLimit)
    return steps.indices.filter { $0 % stride == 0 || $0 == steps.count - 1 }
      .map { Chart.Point(Double(steps[$0]), values[$0]) }
  }
}
