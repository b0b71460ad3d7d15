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
  /// The mean loss over the test images of the weights' average; nil of a run that keeps none.
  public let averageTestLoss: Double?
  /// The share of test images that the average classifies right; nil of a run that keeps none.
  public let averageTestAccuracy: Double?
}

/// `epochs.csv`, a row an epoch. What the average of the weights comes to has columns where one is kept.
final class EpochsFile {
  private static let header = "epoch,step,loss,accuracy,test_loss,test_accuracy"
  private static let headerWithAverage = header + ",test_ema_loss,test_ema_accuracy"

  private let table: TableFile

  /// Begins a file, or goes on with the rows of the epochs up to `epoch`. A run of an older version has none, or
  /// has them without the average's numbers, which stay empty.
  init(path: String, hasAverage: Bool, keepingRowsThrough epoch: Int) throws(RunFolderError) {
    let header = hasAverage ? Self.headerWithAverage : Self.header
    let kept = try? TableFile.rows(of: path, header: header, through: epoch)
    table = try TableFile(path: path, header: header, rows: epoch == 0 ? [] : kept ?? [])
  }

  func append(_ report: EpochReport, step: Int) throws(RunFolderError) {
    let average = report.averageTest.map { ",\($0.loss),\($0.accuracy)" } ?? ""
    try table.append(
      "\(report.epoch),\(step),\(report.loss),\(report.accuracy),\(report.test.loss),"
        + "\(report.test.accuracy)\(average)")
  }

  func flush() throws(RunFolderError) { try table.flush() }

  /// The rows of a file.
  fileprivate static func rows(of path: String) throws(RunFolderError) -> [EpochRow] {
    try TableFile.rows(of: path, header: headerWithAverage).compactMap { row in
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = fields.map { Double($0) }
      guard let epoch = Int(fields[0]), let step = Int(fields[1]), let loss = numbers[2],
        let accuracy = numbers[3], let testLoss = numbers[4], let testAccuracy = numbers[5]
      else { return nil }
      return EpochRow(
        epoch: epoch, step: step, loss: loss, accuracy: accuracy, testLoss: testLoss,
        testAccuracy: testAccuracy, averageTestLoss: numbers[6], averageTestAccuracy: numbers[7])
    }
  }
}

extension RunFolder {
  /// How each epoch of the run went.
  ///
  /// - Throws: ``RunFolderError`` if there is no `epochs.csv`, as in runs of older versions.
  public func epochRows() throws(RunFolderError) -> [EpochRow] { try EpochsFile.rows(of: epochs) }
}
