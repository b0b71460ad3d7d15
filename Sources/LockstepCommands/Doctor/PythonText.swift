import LockstepCore
import LockstepDoctor
import LockstepReports

extension DoctorText {
  /// A Python environment.
  func text(of report: PythonReport) -> String {
    joined([
      facts(report.facts), report.packages.isEmpty ? "" : table(report.table), findings(report.findings),
    ])
  }
}

extension PythonReport {
  fileprivate var facts: [(title: String, text: String?)] {
    [
      ("environment", "\(environment) (\(kind))"),
      (
        "interpreter",
        interpreter.map { "\($0.file), \($0.architectures.map(\.name).joined(separator: " and "))" }
      ),
      ("machine", "\(machine.architecture), \(machine.system.rawValue)"),
      ("runs as", process == machine.architecture ? "\(process), on the CPU itself" : "\(process), \(by)"),
      ("packages", "\(packages.count) with machine code, \(purePackageCount) without"),
    ]
  }

  private var by: String {
    machine.translator.map { "translated by \($0)" } ?? "which nothing here translates"
  }

  fileprivate var table: Table {
    Table(
      "Packages with machine code",
      columns: ["package", "built for", "installed as", "BLAS", .number("files"), "here"],
      rows: packages.map { package in
        [
          Table.Cell([package.name, package.version].compactMap(\.self).joined(separator: " ")),
          Table.Cell(package.architectures.keys.sorted().joined(separator: " + ")),
          Table.Cell(package.platform),
          Table.Cell(
            package.linearAlgebra.isEmpty ? "-" : package.linearAlgebra.map(\.summary).joined(separator: ", ")
          ),
          Table.Cell("\(package.fileCount)"),
          Table.Cell(package.verdict.rawValue, tone: package.verdict.tone),
        ]
      })
  }
}

extension PythonPackage.Verdict {
  fileprivate var tone: Report.Tone {
    switch self {
    case .native: .good
    case .translated, .mixed: .caution
    case .notLoadable, .damaged, .foreign: .bad
    }
  }
}

extension PythonPackage {
  /// The platform of the tag it was installed under: `macosx_11_0_arm64` of `cp39-cp39-macosx_11_0_arm64`.
  fileprivate var platform: String {
    guard let tag = tags.first else { return "?" }
    let parts = tag.split(separator: "-")
    return installer != "conda" && parts.count == 3 ? String(parts[2]) : tag
  }
}
