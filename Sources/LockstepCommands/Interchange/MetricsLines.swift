import Lockstep
import LockstepData

/// A run's metrics as lines of JSON: `metrics.csv` and `epochs.csv`, each row an object with the columns' names.
struct MetricsLines {
  /// The lines, without the last one's end.
  let text: String
  /// How many there are.
  let count: Int

  init(of run: RunFolder) throws {
    guard run.holdsRun else { throw CommandFailure("there is no run in \(run.path)") }
    let steps = try Self.rows(of: run.metrics, kind: "step")
    let epochs = try Self.rows(of: run.epochs, kind: "epoch")
    // An epoch comes behind its last step.
    let lines = (steps.map { ($0.step, 0, $0.line) } + epochs.map { ($0.step, 1, $0.line) })
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    text = lines.map(\.2).joined(separator: "\n")
    count = lines.count
  }

  private static func rows(of file: String, kind: String) throws -> [(step: Int, line: String)] {
    let bytes: [UInt8]
    do {
      bytes = try FileReader.read(file)
    } catch {
      throw CommandFailure("\(file) can't be read: \(error)")
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let names = lines.first?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    guard let stepColumn = names.firstIndex(of: "step") else {
      throw CommandFailure("\(file) is no table of metrics: it has no column 'step'")
    }
    return try lines.dropFirst().enumerated().map { index, line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == names.count, let step = Int(fields[stepColumn]) else {
        throw CommandFailure("\(file):\(index + 2): the row is damaged")
      }
      let members = zip(names, fields).map { name, field in "\"\(name)\": \(value(field))" }
      return (step, "{\"kind\": \"\(kind)\", \(members.joined(separator: ", "))}")
    }
  }

  /// A number as it is; what JSON has no numbers for, such as nan, as text, and nothing as null.
  private static func value(_ field: Substring) -> String {
    if field.isEmpty { return "null" }
    guard let number = Double(field), number.isFinite else { return "\"\(field)\"" }
    return String(field)
  }
}
