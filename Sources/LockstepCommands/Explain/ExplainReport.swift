import Lockstep
import LockstepReports

/// What an experiment came to, as it is handed out.
struct ExplainReport {
  let record: ExperimentRecord
  let conclusion: Conclusion
  private let document: Report

  /// - Parameter command: what makes the report again.
  init(_ record: ExperimentRecord, command: String) {
    self.record = record
    conclusion = Conclusion(record)
    document = ExplainDocument(record: record, conclusion: conclusion, command: command).report
  }

  /// The figures and the conclusion as JSON.
  var json: String {
    JSON.encode(Contents(conclusion: conclusion, mechanisms: record.mechanismRows, record: record))
  }

  /// Writes all files: the document, its charts as drawings and as one image, the figures, every curve.
  ///
  /// - Returns: why there is no image, if there is none.
  func write(to folder: ReportFolder) throws -> String? {
    try folder.write(Array((json + "\n").utf8), to: "report.json")
    try folder.write(Array(document.html().utf8), to: "report.html")
    for (name, csv) in curveFiles { try folder.write(Array(csv.utf8), to: name) }
    let charts = document.charts
    guard !charts.isEmpty else { return nil }
    try folder.write(Array(Chart.svg(of: charts).utf8), to: "report.svg")
    do throws(ReportError) {
      try ReportFile.write(charts, to: folder.draftPath(of: "report.png"))
      return nil
    } catch {
      return "no report.png: \(error)"
    }
  }

  /// A table for each training, as `lockstep compare` reads it.
  private var curveFiles: [(name: String, csv: String)] {
    record.curves.flatMap { set in
      set.curves.map { curve in
        let rows = zip(curve.losses, curve.stepSeconds).enumerated().map { index, row in
          "\(index + 1),\(row.0),\(row.1.isFinite ? "\(row.1)" : "")\n"
        }
        return ("\(Self.fileName(set.engine))-seed\(curve.seed).csv", "step,loss,seconds\n" + rows.joined())
      }
    }
  }

  /// An engine's name without what has a meaning in shells and paths.
  private static func fileName(_ engine: String) -> String {
    let words = engine.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")) }
    return "curve-" + words.joined(separator: "-")
  }

  private struct Contents: Encodable {
    let conclusion: Conclusion
    let mechanisms: [MechanismRow]
    let record: ExperimentRecord
  }
}
