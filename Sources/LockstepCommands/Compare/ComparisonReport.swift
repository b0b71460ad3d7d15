import Lockstep
import LockstepCore
import LockstepReports
import LockstepTraining

/// A comparison as a document.
struct ComparisonReport {
  private let sets: [CurveSet]
  private let comparisons: [CurveComparison]
  private let command: String?

  init(_ sets: [CurveSet], _ comparisons: [CurveComparison], command: String? = nil) {
    self.sets = sets
    self.comparisons = comparisons
    self.command = command
  }

  var report: Report {
    let verdict = comparisons.verdict
    let gravest = comparisons.first { $0.verdict == verdict }
    return Report(
      title: "Loss curves: " + sets.map(\.name).joined(separator: ", "),
      verdict: comparisons.count == 1 ? gravest?.headline ?? verdict.title : "\(verdict.title): \(tally)",
      tone: verdict.tone, summary: [verdict.meaning] + (gravest.map(Self.seeds) ?? []), sections: sections,
      command: command)
  }

  /// What each set came to, in a line.
  private var tally: String {
    comparisons.map { "\($0.nameB) \($0.title)" }.joined(separator: ", ") + ", each against \(sets[0].name)"
  }

  private static func seeds(_ comparison: CurveComparison) -> [String] {
    comparison.seedsNeeded.map { ["A verdict may take \($0) seeds."] } ?? []
  }

  private var sections: [Report.Section] {
    var sections = [Report.Section("Curves", [.chart(CurveCharts.losses(sets))])]
    sections += comparisons.map { comparison in
      Report.Section("\(comparison.nameB) against \(comparison.nameA)", blocks(of: comparison))
    }
    let ratios = comparisons.compactMap { comparison in
      comparison.time.map { "\(comparison.nameB) against \(comparison.nameA): \($0.text)." }
    }
    if let times = CurveCharts.times(sets, comparisons) {
      sections.append(Report.Section("Time", [.chart(times), .list(ratios)]))
    } else if !ratios.isEmpty {
      sections.append(Report.Section("Time", [.list(ratios)]))
    }
    return sections
  }

  private func blocks(of comparison: CurveComparison) -> [Report.Block] {
    var blocks: [Report.Block] = []
    if comparisons.count > 1 { blocks.append(.paragraph(comparison.headline)) }
    blocks.append(.table(evidence(comparison)))
    if let growth = CurveCharts.growth(comparison) { blocks.append(.chart(growth)) }
    if !comparison.partings.isEmpty { blocks.append(.table(partings(comparison))) }
    if !comparison.configuration.isEmpty { blocks.append(.table(configuration(comparison))) }
    if !comparison.notes.isEmpty { blocks.append(.list(comparison.notes)) }
    return blocks
  }

  private func evidence(_ comparison: CurveComparison) -> Table {
    Table(
      "What was asked, and the answers",
      columns: [
        "", "question", "answer", .number("statistic"), .number("p"), .number("bound"), "speaks for",
      ],
      rows: comparison.evidence.map { evidence in
        [
          Table.Cell(evidence.stage.rawValue), Table.Cell(evidence.stage.question),
          Table.Cell((evidence.isApplied ? "" : "Not applied: ") + evidence.finding),
          Table.Cell(evidence.statistic.map(Self.number) ?? "–"),
          Table.Cell(evidence.pValue.map { NumberFormat.fixed($0, 4) } ?? "–"),
          Table.Cell(evidence.bound.map(Self.number) ?? "–"),
          Table.Cell(evidence.verdict?.title ?? "–", tone: evidence.verdict?.tone ?? .neutral),
        ]
      })
  }

  private func partings(_ comparison: CurveComparison) -> Table {
    let limit = NumberFormat.scientific(Parting.threshold)
    return Table(
      "Where the curves part: |Δ ln L| of each pair",
      columns: [
        "pair", .number("first step of other bits"), .number("difference there"),
        .number("first step above \(limit)"), .number("largest"), .number("in step"),
      ],
      rows: comparison.partings.map { parting in
        [
          Table.Cell(parting.pair), Table.Cell(parting.firstDifferentStep.map(String.init) ?? "none"),
          Table.Cell(parting.firstDifference.map(NumberFormat.scientific) ?? "–"),
          Table.Cell(parting.firstPartedStep.map(String.init) ?? "none"),
          Table.Cell(NumberFormat.scientific(parting.largestDifference)),
          Table.Cell(parting.largestStep.map(String.init) ?? "–"),
        ]
      })
  }

  private func configuration(_ comparison: CurveComparison) -> Table {
    Table(
      "What is not the same of the two", columns: ["setting", "A", "B", "decides what is computed"],
      rows: comparison.configuration.map { difference in
        [
          Table.Cell(difference.key), Table.Cell(difference.a), Table.Cell(difference.b),
          Table.Cell(difference.isDeciding ? "yes" : "no", tone: difference.isDeciding ? .caution : .neutral),
        ]
      })
  }

  private static func number(_ value: Double) -> String {
    let text = NumberFormat.scientific(abs(value))
    return abs(value) >= 0.001 && abs(value) < 1000
      ? NumberFormat.fixed(value, 4) : value < 0 ? "-\(text)" : text
  }
}

extension Verdict {
  /// How the verdict is to be taken.
  var tone: Report.Tone {
    switch self {
    case .identical, .equivalent: .good
    case .diverged, .faultyOperation: .bad
    case .notComparable, .inconclusive: .caution
    }
  }
}
