/// How an epoch went: a row of `epochs.csv`.
public struct EpochRow: Codable, Hashable, Sendable {
  /// The epoch, from 1.
  public let epoch: Int
  /// Steps completed by its end, over all epochs.
  public let step: Int
  /// The mean loss over its batches.
  public let loss: Double
  /// The share of images classified right while training.
  public let accuracy: Double
  /// The mean loss over the test images after it.
  public let testLoss: Double
  /// The share of test images classified right after it.
  public let testAccuracy: Double
}

/// `epochs.csv`, a row an epoch.
final class EpochsFile {
  private static let header = "epoch,step,loss,accuracy,test_loss,test_accuracy"

  private let table: TableFile

  /// Begins a file, or goes on with the rows of the epochs up to `epoch`. A run of an older version has none.
  init(path: String, keepingRowsThrough epoch: Int) throws(RunFolderError) {
    let kept = try? TableFile.rows(of: path, header: Self.header, through: epoch)
    table = try TableFile(path: path, header: Self.header, rows: epoch == 0 ? [] : kept ?? [])
  }

  func append(_ report: EpochReport, step: Int) throws(RunFolderError) {
    try table.append(
      "\(report.epoch),\(step),\(report.loss),\(report.accuracy),\(report.test.loss),"
        + "\(report.test.accuracy)")
  }

  func flush() throws(RunFolderError) { try table.flush() }

  /// The rows of a file.
  fileprivate static func rows(of path: String) throws(RunFolderError) -> [EpochRow] {
    try TableFile.rows(of: path, header: header).compactMap { row in
      let fields = row.split(separator: ",")
      let numbers = fields.compactMap { Double($0) }
      guard let epoch = Int(fields[0]), let step = Int(fields[1]), numbers.count == fields.count else {
        return nil
      }
      return EpochRow(
        epoch: epoch, step: step, loss: numbers[2], accuracy: numbers[3], testLoss: numbers[4],
        testAccuracy: numbers[5])
    }
  }
}

extension RunFolder {
  /// How each epoch of the run went.
  ///
  /// - Throws: ``RunFolderError`` if there is no `epochs.csv`, as in runs of older versions.
  public func epochRows() throws(RunFolderError) -> [EpochRow] { try EpochsFile.rows(of: epochs) }
}
