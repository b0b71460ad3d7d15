import Lockstep
import LockstepReports

/// Which numerical mechanisms showed here, and the experiments behind that.
struct MechanismSections {
  private let record: ExperimentRecord

  init(_ record: ExperimentRecord) { self.record = record }

  /// The table, then an experiment each.
  var sections: [Report.Section] {
    guard let findings = record.mechanisms else { return [] }
    let experiments: [Report.Section?] = [
      findings.agreement.map { Report.Section("From which size on kernels differ", $0.blocks) },
      findings.growth.map { Report.Section("How errors grow", $0.blocks) },
    ]
    return [table] + experiments.compactMap(\.self)
  }

  private var table: Report.Section {
    Report.Section(
      "Mechanisms",
      [
        .paragraph(
          "Ways in which another machine is said to change a training, whom each belongs to, and whether it showed "
            + "here. Reproduced means by a figure of this run alone; not reproduced does not mean that it is nowhere."
        ),
        .table(
          Table(
            "What is said, and what was seen",
            columns: ["mechanism", "belongs to", "outcome", "here", "elsewhere"],
            rows: record.mechanismRows.map { row in
              [
                .init(row.mechanism), .init(row.belongsTo.rawValue),
                .init(row.outcome.rawValue, tone: Self.tone(row.outcome)),
                .init(row.figure + (row.command.map { " (\($0))" } ?? "")), .init(row.expected),
              ]
            })),
      ])
  }

  /// That something showed is neither good nor bad; that it was not looked for is to be noticed.
  private static func tone(_ outcome: MechanismRow.Outcome) -> Report.Tone {
    outcome == .notRunHere ? .caution : .neutral
  }
}
