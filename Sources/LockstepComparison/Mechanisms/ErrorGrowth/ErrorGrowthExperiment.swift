import LockstepTraining

/// Computes sums of ever more terms in ever more ways, and holds them against double precision.
public struct ErrorGrowthExperiment {
  /// Numbers of terms: 10² to 10⁷.
  public static let defaultCounts = [100, 1000, 10_000, 100_000, 1_000_000, 10_000_000]
  /// An odd number: the median is then one of them.
  public static let defaultDrawCount = 5

  private var subjects: [GrowthSubject]
  private let counts: [Int]
  private let drawCount: Int
  private let deadline: Deadline
  private let report: (String) -> Void
  private var series: [ErrorGrowth.Series] = []

  /// Prepares the experiment.
  ///
  /// - Parameters:
  ///   - subjects: what adds; those that don't start are reported, with the reason.
  ///   - counts: numbers of terms, rising.
  ///   - drawCount: how many draws of random numbers each of them is measured with.
  ///   - report: is told which number of terms is under way.
  public init(
    _ subjects: [GrowthSubject] = GrowthSubject.all(), counts: [Int] = defaultCounts,
    drawCount: Int = defaultDrawCount, until deadline: Deadline,
    report: @escaping (String) -> Void = { _ in }
  ) {
    self.subjects = subjects
    self.counts = counts
    self.drawCount = drawCount
    self.deadline = deadline
    self.report = report
  }

  /// Measures, the small numbers of terms first: where it ends for want of time, all have come equally far.
  public mutating func run() -> ErrorGrowth {
    series = subjects.flatMap { subject in
      ErrorGrowth.Quantity.allCases.filter(subject.quantities.contains).map {
        ErrorGrowth.Series(quantity: $0, name: subject.name, kind: subject.kind, points: [])
      }
    }
    var notes: [String] = []
    var secondsPerTerm = 0.0
    for count in counts {
      let draws = affordable(count, secondsPerTerm)
      guard draws > 0 else {
        notes.append("there was no time for n = \(count)")
        continue
      }
      if draws < drawCount {
        notes.append("there was time for \(draws) of \(drawCount) draws at n = \(count)")
      }
      report("n = \(count), \(draws) draws")
      let before = deadline.secondsLeft
      for index in 0..<draws where !deadline.hasPassed { measure(NumberDraw(count: count, index: index)) }
      if deadline.hasPassed { notes.append("time was up within n = \(count)") }
      secondsPerTerm = (before - deadline.secondsLeft) / Double(draws * count)
    }
    return ErrorGrowth(series: series, note: notes.isEmpty ? nil : notes.joined(separator: "; "))
  }

  /// How many draws of so many terms there is time for; the time of a term is that at the last number of terms.
  private func affordable(_ count: Int, _ secondsPerTerm: Double) -> Int {
    let left = deadline.secondsLeft
    guard left > 0 else { return 0 }
    let needed = secondsPerTerm * Double(count)
    return needed > 0 ? Int(min(Double(drawCount), left / needed)) : drawCount
  }

  private mutating func measure(_ draw: NumberDraw) {
    for quantity in ErrorGrowth.Quantity.allCases where !deadline.hasPassed {
      let exact = ExactFigure(quantity, of: draw)
      for index in subjects.indices where subjects[index].quantities.contains(quantity) {
        measure(subject: index, quantity, draw, exact)
      }
    }
  }

  private mutating func measure(
    subject: Int, _ quantity: ErrorGrowth.Quantity, _ draw: NumberDraw, _ exact: ExactFigure
  ) {
    let name = subjects[subject].name
    let found = series.firstIndex {
      ($0.quantity, $0.name, $0.kind) == (quantity, name, subjects[subject].kind)
    }
    guard let place = found, series[place].problem == nil, !deadline.hasPassed else { return }
    do {
      let result = try subjects[subject](quantity, draw)
      let count = quantity == .matmul ? draw.inner : draw.count
      if series[place].points.last?.count != count {
        series[place].points.append(ErrorGrowth.Point(count: count, errors: []))
      }
      let last = series[place].points.count - 1
      series[place].points[last].errors.append(exact.error(of: result))
      series[place].points[last].value = exact.single(of: result)
      series[place].points[last].exact = exact.single
    } catch {
      series[place].problem = error.brief
    }
  }
}
