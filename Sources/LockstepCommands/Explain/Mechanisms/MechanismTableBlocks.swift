import Lockstep
import LockstepReports

extension MechanismRow {
  /// The table of mechanisms as a report shows it.
  static func blocks(_ rows: [MechanismRow]) -> [Report.Block] {
    guard !rows.isEmpty else { return [.paragraph("No mechanism was looked for.")] }
    let counts = [Outcome.reproduced, .notReproduced, .notRunHere].map { outcome in
      "\(rows.count { $0.outcome == outcome }) \(outcome.rawValue)"
    }
    return [
      .paragraph(
        """
        What another machine is said to change in a training, and whether it does here: \
        \(Phrases.list(counts)). What is reproduced is not a fault by that; it says where differences come from. \
        What is not reproduced may show on another machine.
        """),
      .table(table(rows)),
    ]
  }

  private static func table(_ rows: [MechanismRow]) -> Table {
    Table(
      "Mechanisms",
      columns: ["mechanism", "belongs to", "measured before", "here", "figure", "evidence"],
      rows: rows.map { row in
        [
          Table.Cell(row.mechanism), Table.Cell(row.belongsTo.rawValue), Table.Cell(row.expected),
          Table.Cell(row.outcome.rawValue, tone: row.outcome.tone),
          Table.Cell(row.command.map { "\(row.figure); to run it: \($0)" } ?? row.figure),
          Table.Cell(row.evidence),
        ]
      })
  }
}

extension MechanismRow.Outcome {
  /// A mechanism that shows deserves attention; one that was looked for and does not is neither good nor bad.
  var tone: Report.Tone {
    switch self {
    case .reproduced: .caution
    case .notReproduced: .good
    case .notRunHere: .neutral
    }
  }
}
