import LockstepData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `metrics.csv`, a row a step. Numbers are written with the fewest digits that read back to the same bits.
final class MetricsFile {
  static let header = "step,epoch,loss,accuracy,learning_rate,gradient_norm,seconds"
  /// Rows are collected up to this size, so that a small net is not slowed by the file.
  private static let bufferSize = 16 << 10

  private let path: String
  private let descriptor: Int32
  private var pending: [UInt8] = []
  /// The file's length: whole rows.
  private var size: Int

  /// Begins a file, or goes on with the rows of the steps up to `step` of one that is there.
  init(path: String, keepingRowsThrough step: Int) throws(RunFolderError) {
    self.path = path
    let kept = step == 0 ? [] : try MetricsFile.rows(of: path, through: step)
    let contents = Array(([MetricsFile.header] + kept).map { $0 + "\n" }.joined().utf8)
    size = contents.count
    do {
      try AtomicFile.write(contents, to: path)
    } catch {
      throw RunFolderError("\(path) can't be written: \(error)")
    }
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw RunFolderError("\(path) can't be written: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  func append(_ report: StepReport) throws(RunFolderError) {
    let row =
      "\(report.step),\(report.epoch),\(report.loss),\(report.accuracy),\(report.learningRate),"
      + "\(report.gradientNorm),\(report.seconds)\n"
    pending += row.utf8
    if pending.count >= MetricsFile.bufferSize { try flush() }
  }

  func flush() throws(RunFolderError) {
    do {
      try AtomicFile.writeAll(pending, to: descriptor)
    } catch {
      // On a full disk a row may be there in part.
      _ = ftruncate(descriptor, off_t(size))
      throw RunFolderError("\(path) can't be written: \(error)")
    }
    size += pending.count
    pending.removeAll(keepingCapacity: true)
  }

  /// The rows of the steps up to `step`: those after the checkpoint a training goes on from are computed again.
  private static func rows(of path: String, through step: Int) throws(RunFolderError) -> [String] {
    let bytes: [UInt8]
    do {
      bytes = try FileReader.read(path)
    } catch {
      throw RunFolderError("\(path) can't be read: \(error)")
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map(String.init)
      .filter { self.step(ofRow: $0).map { $0 <= step } ?? false }
  }

  /// The step of a row, nil of one that a crash left incomplete: "12" may be the beginning of "123,…".
  private static func step(ofRow row: String) -> Int? {
    let fields = row.split(separator: ",")
    guard fields.count == header.split(separator: ",").count else { return nil }
    return Int(fields[0])
  }
}
