/// `metrics.csv`, a row a step. Numbers are written with the fewest digits that read back to the same bits.
final class MetricsFile {
  static let header = "step,epoch,loss,accuracy,learning_rate,gradient_norm,seconds"

  private let table: TableFile

  /// Begins a file, or goes on with the rows of the steps up to `step` of one that is there: those after the
  /// checkpoint a training goes on from are computed again.
  init(path: String, keepingRowsThrough step: Int) throws(RunFolderError) {
    let kept = step == 0 ? [] : try TableFile.rows(of: path, header: Self.header, through: step)
    table = try TableFile(path: path, header: Self.header, rows: kept)
  }

  func append(_ report: StepReport) throws(RunFolderError) {
    try table.append(
      "\(report.step),\(report.epoch),\(report.loss),\(report.accuracy),\(report.learningRate),"
        + "\(report.gradientNorm),\(report.seconds)")
  }

  func flush() throws(RunFolderError) { try table.flush() }
}
