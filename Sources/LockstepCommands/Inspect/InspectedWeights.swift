import Lockstep
import LockstepCore
import LockstepData
import LockstepReports
import LockstepTraining

/// What is in a file of tensors.
struct InspectedWeights {
  private let file: String
  private let byteCount: Int
  private let digest: SHA256Digest
  private let entries: [Safetensors.Entry]
  private let statistics: [TensorStatistics]

  /// Reads a safetensors file.
  ///
  /// - Throws: ``CheckpointError`` naming the file and what is wrong with it.
  init(file: String) throws {
    self.file = file
    let weights = try ModelWeights(file: file)
    let bytes = try FileReader.read(file, limit: .max)
    byteCount = bytes.count
    digest = SHA256Digest(of: bytes)
    entries = weights.entries
    statistics = entries.map(\.statistics)
  }

  /// A table of the tensors, with what there is to say of the file.
  func text(on terminal: Terminal) -> String {
    let elements = entries.reduce(0) { $0 + $1.spec.shape.count }
    let tensors = entries.count == 1 ? "1 tensor" : "\(NumberFormat.grouped(entries.count)) tensors"
    var facts = Facts(terminal)
    facts.add("file", file)
    facts.add(
      "holds",
      "\(tensors), \(NumberFormat.grouped(elements)) numbers, \(NumberFormat.grouped(byteCount)) bytes")
    facts.add("sha256", "\(digest)")
    facts.add("finite", finiteness)
    return facts.text + "\n\n" + table.text(width: terminal.tableWidth, style: terminal.textStyle)
  }

  private var finiteness: String {
    let bad = zip(entries, statistics).filter { $1.nanCount + $1.infiniteCount > 0 }
    guard !bad.isEmpty else { return "all numbers are" }
    return bad.map { "\($0.name) has \($1.nonFiniteText)" }.joined(separator: ", ")
  }

  private var table: Table {
    Table(
      "",
      columns: [
        "tensor", "shape", "type", .number("min"), .number("max"), .number("mean"), .number("std"),
        .number("norm"), .number("zeros"),
      ],
      rows: zip(entries, statistics).map { entry, statistics in
        let name =
          statistics.nanCount + statistics.infiniteCount == 0
          ? Table.Cell(entry.name) : Table.Cell("\(entry.name) (\(statistics.nonFiniteText))", tone: .bad)
        let numbers = [
          statistics.minimum, statistics.maximum, statistics.mean, statistics.standardDeviation,
          statistics.norm,
        ]
        return [name, Table.Cell("\(entry.spec.shape)"), Table.Cell("\(entry.spec.dtype)")]
          + numbers.map { Table.Cell($0.map(short) ?? "") }
          + [Table.Cell(NumberFormat.grouped(statistics.zeroCount))]
      })
  }

  /// A number of either sign in about four digits.
  private func short(_ value: Double) -> String {
    let size = abs(value)
    let sign = value < 0 ? "-" : ""
    if size == 0 { return "0" }
    if size >= 1e7 || size < 1e-4 { return sign + NumberFormat.scientific(size) }
    return sign + (size >= 1000 ? NumberFormat.grouped(Int(size.rounded())) : NumberFormat.fixed(size, 4))
  }

  var json: String {
    JSON.encode(
      Document(
        file: file, byteCount: byteCount, digest: "\(digest)",
        tensors: zip(entries, statistics).map {
          .init(
            name: $0.name, dtype: "\($0.spec.dtype)", shape: $0.spec.shape.dimensions, statistics: $1)
        }))
  }

  /// What `inspect --json` prints of a file.
  private struct Document: Encodable {
    struct Tensor: Encodable {
      let name: String
      let dtype: String
      let shape: [Int]
      let statistics: TensorStatistics
    }

    let file: String
    let byteCount: Int
    let digest: String
    let tensors: [Tensor]
  }
}

extension TensorStatistics {
  /// What is not finite, such as `3 NaN, 1 infinite`.
  fileprivate var nonFiniteText: String {
    let parts = [
      nanCount > 0 ? "\(nanCount) NaN" : nil, infiniteCount > 0 ? "\(infiniteCount) infinite" : nil,
    ]
    return parts.compactMap(\.self).joined(separator: " and ")
  }
}
