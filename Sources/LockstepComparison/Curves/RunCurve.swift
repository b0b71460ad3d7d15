import LockstepData
public import LockstepTraining

extension LossCurve {
  /// Reads the curve of a run: `metrics.csv`, with what `run.json` and `model.yaml` say of it.
  ///
  /// - Throws: ``CurveError`` if a file is missing or can't be understood.
  public init(run folder: RunFolder) throws(CurveError) {
    let record: RunRecord
    do {
      record = try RunRecord(in: folder)
    } catch {
      throw CurveError("\(error)")
    }
    // An operation may have been found faulty in the very first step, which then has no row.
    let curves = try CurveFile.curves(
      of: folder.metrics, CurveColumns(step: "step", loss: "loss"), mayBeEmpty: record.faultyOperation != nil)
    self = curves[0]
    label = folder.path
    seed = record.configuration.seed
    // Written with the digits that read back to the same bits, few as they may be.
    losses = losses.map { Double(Float($0)) }
    quantum = 0
    epochSeconds = record.timing?.epochSeconds ?? []
    self.record = record
    if let source = try? FileReader.read(folder.model) { modelDigest = Self.digest(ofModel: source) }
  }

  /// The digest of a specification without what changes nothing: comments of their own line, empty lines.
  private static func digest(ofModel source: [UInt8]) -> String {
    let lines = String(decoding: source, as: UTF8.self).split(whereSeparator: \.isNewline)
      .filter { line in
        let first = line.first { !$0.isWhitespace }
        return first != nil && first != "#"
      }
    return "\(SHA256Digest(of: lines.joined(separator: "\n").utf8))"
  }
}
