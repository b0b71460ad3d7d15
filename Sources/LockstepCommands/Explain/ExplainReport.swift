import Lockstep

/// What an experiment came to, as it is handed out.
struct ExplainReport {
  let record: ExperimentRecord
  let conclusion: Conclusion

  init(_ record: ExperimentRecord) {
    self.record = record
    conclusion = Conclusion(record)
  }

  /// The figures and the conclusion as JSON.
  var json: String { JSON.encode(Contents(conclusion: conclusion, record: record)) }

  /// Writes all files.
  func write(to folder: ReportFolder) throws {
    try folder.write(Array((json + "\n").utf8), to: "report.json")
  }

  private struct Contents: Encodable {
    let conclusion: Conclusion
    let record: ExperimentRecord
  }
}
