import Lockstep
import LockstepCore
import LockstepReports

/// The report of an experiment as a document: the conclusion, then the evidence.
struct ExplainDocument {
  let record: ExperimentRecord
  let conclusion: Conclusion
  /// The command that makes it again.
  let command: String

  /// The document.
  var report: Report {
    Report(
      title: "\(record.model.name) on \(record.dataset.path), explained", verdict: conclusion.headline,
      tone: conclusion.tone, summary: conclusion.paragraphs, sections: sections, command: command)
  }

  private var sections: [Report.Section] {
    let training: [Report.Section?] = [
      TimeSection(record).section, CurveSection(record).section, VerdictSection(record).section,
      SquareSection(record).section, ChaosSection(record).section, DivergenceSection(record).section,
    ]
    return training.compactMap(\.self) + MechanismSections(record).sections
      + [RunSection(record).section, Self.limits]
  }

  /// What no figure above can say. True whatever they are.
  private static let limits = Report.Section(
    "What this cannot show",
    [
      .list([
        "How fast another machine is. A translator's slowness is its own; it says nothing of the machine whose CPU it shows.",
        "What a translator that was not run does. QEMU, Valgrind, box64, FEX and Rosetta 2 are different programs.",
        "Other models, data and libraries. The kernels are OpenBLAS's and Lockstep's; a program with others may differ in other ways.",
        "Which of two results is right. Native is one way to round among others; `lockstep diff` holds operations against double precision.",
        "The absence of what was not found. An interval or a bound says how much could have been missed.",
      ])
    ])
}

extension Table {
  /// A table whose cells are all neither good nor bad.
  init(_ caption: String, columns: [Column], texts: [[String]]) {
    self.init(caption, columns: columns, rows: texts.map { $0.map { Cell($0) } })
  }
}
