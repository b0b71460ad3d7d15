import LockstepData

/// A file of loss curves from another program: CSV, or JSON objects a line.
public struct CurveFile {
  /// What is larger is no loss curve.
  static let sizeLimit = 256 << 20

  /// Reads the curves of a file: one, or as many as a Weights & Biases export holds runs.
  ///
  /// A row without a loss is passed over, as rows of a validation have none. Losses that are NaN or infinite
  /// are kept.
  ///
  /// - Throws: ``CurveError`` with file and line.
  public static func curves(of path: String, _ columns: CurveColumns = CurveColumns()) throws(CurveError)
    -> [LossCurve]
  {
    try curves(of: path, columns, mayBeEmpty: false)
  }

  static func curves(
    of path: String, _ columns: CurveColumns, mayBeEmpty: Bool
  ) throws(CurveError) -> [LossCurve] {
    let bytes: [UInt8]
    do {
      bytes = try FileReader.read(path, limit: sizeLimit)
    } catch {
      throw CurveError("\(path) can't be read: \(error)")
    }
    guard bytes.contains(where: { !isSpace($0) }) else { throw CurveError("\(path) is empty") }
    let first = bytes.drop { isSpace($0) || [0xEF, 0xBB, 0xBF].contains($0) }.first
    return first == UInt8(ascii: "{")
      ? try JSONLines.curves(bytes, path, columns) : try table(bytes, path, columns, mayBeEmpty)
  }

  private static func table(
    _ bytes: [UInt8], _ path: String, _ wanted: CurveColumns, _ mayBeEmpty: Bool
  ) throws(CurveError) -> [LossCurve] {
    let rows = try DelimitedText(bytes, path: path).rows
    guard let header = rows.first else { throw CurveError("\(path) is empty") }
    let found = try FoundColumns(header.cells, wanted, path: path, line: header.line)
    var tables = found.losses.map { _ in CurveTable(path: path) }
    for row in rows.dropFirst() {
      guard row.cells.count <= header.cells.count else {
        throw CurveError(
          path, line: row.line, "\(row.cells.count) cells, the first line has \(header.cells.count)")
      }
      func cell(_ column: Int?) -> String? {
        guard let column, column < row.cells.count else { return nil }
        let text = row.cells[column].filter { !$0.isWhitespace }
        return text.isEmpty ? nil : text
      }
      for (index, loss) in found.losses.enumerated() {
        guard let text = cell(loss.column) else { continue }
        if found.step != nil, cell(found.step) == nil {
          throw CurveError(path, line: row.line, "a loss without a step")
        }
        try tables[index].add(
          line: row.line, step: cell(found.step), loss: text, time: cell(found.time), epoch: cell(found.epoch)
        )
      }
    }
    return try curves(tables, found.losses.map(\.run), path, mayBeEmpty)
  }

  private static func curves(
    _ tables: [CurveTable], _ runs: [String?], _ path: String, _ mayBeEmpty: Bool
  ) throws(CurveError) -> [LossCurve] {
    var curves: [LossCurve] = []
    for (table, run) in zip(tables, runs) {
      let label = tables.count == 1 ? path : "\(path):\(run ?? "")"
      let seed = Seed.named(in: tables.count == 1 ? path : run ?? "")
      curves.append(try table.curve(label, seed: seed, mayBeEmpty: mayBeEmpty))
    }
    return curves
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }
}

/// Seeds that names tell of.
enum Seed {
  /// The number behind the last "seed" of a name, such as 3 of `runs/native-seed3.csv`.
  static func named(in name: String) -> UInt64? {
    guard let word = name.lowercased().ranges(of: "seed").last else { return nil }
    let rest = name.lowercased()[word.upperBound...].drop { "-_= ".contains($0) }
    return UInt64(rest.prefix { ("0"..."9").contains($0) })
  }
}
