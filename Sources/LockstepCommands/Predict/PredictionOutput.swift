import Lockstep
import LockstepCore
import LockstepReports
import LockstepTraining

/// Predictions as a command prints them.
struct PredictionOutput {
  enum Form {
    case table, json, csv
  }

  let form: Form
  /// How many classes are named for an image.
  let top: Int

  /// The text; nil where there is nothing to print.
  func text(of predictions: [FilePrediction], on terminal: Terminal) -> String? {
    switch form {
    case .json: JSON.encode(predictions.map { Row($0, top: top) })
    case .csv: csv(predictions)
    case .table: predictions.isEmpty ? nil : table(predictions, on: terminal)
    }
  }

  private func table(_ predictions: [FilePrediction], on terminal: Terminal) -> String {
    let hasLabels = predictions.contains { $0.file.label != nil }
    var columns: [Table.Column] = ["image", "class", .number("probability")]
    if hasLabels { columns.append("") }
    if top > 1 { columns.append("then") }
    let rows = predictions.map { prediction in
      let classes = prediction.prediction.classes
      var cells = [
        Table.Cell(prediction.file.path), Table.Cell(classes[0].name), Table.Cell(number(classes[0])),
      ]
      if hasLabels { cells.append(verdict(on: prediction)) }
      if top > 1 {
        let others = classes.dropFirst().prefix(top - 1)
        cells.append(Table.Cell(others.map { "\($0.name) \(number($0))" }.joined(separator: ", ")))
      }
      return cells
    }
    let table = Table("", columns: columns, rows: rows)
    let text = table.text(width: terminal.tableWidth, style: terminal.textStyle)
    return text + (summary(predictions).map { "\n\n\($0)" } ?? "")
  }

  private func verdict(on prediction: FilePrediction) -> Table.Cell {
    guard let label = prediction.file.label, let isRight = prediction.isRight else { return "" }
    return isRight ? Table.Cell("right", tone: .good) : Table.Cell("is \(label)", tone: .bad)
  }

  private func number(_ prediction: Prediction.Class) -> String {
    NumberFormat.fixed(Double(prediction.probability), 4)
  }

  /// How many are right of those whose class is known.
  private func summary(_ predictions: [FilePrediction]) -> String? {
    let known = predictions.compactMap(\.isRight)
    guard !known.isEmpty else { return nil }
    let right = known.count { $0 }
    return "\(NumberFormat.grouped(right)) of \(NumberFormat.grouped(known.count)) right, accuracy "
      + NumberFormat.fixed(Double(right) / Double(known.count), 4)
  }

  /// A row an image: its class by the folder, if known, and the likeliest classes with their probabilities.
  private func csv(_ predictions: [FilePrediction]) -> String {
    let count = min(top, predictions.first?.prediction.classes.count ?? top)
    let names = (1...count).flatMap {
      $0 == 1 ? ["class", "probability"] : ["class\($0)", "probability\($0)"]
    }
    let rows = predictions.map { prediction in
      let classes = prediction.prediction.classes.prefix(count)
      return [prediction.file.path, prediction.file.label ?? ""]
        + classes.flatMap { [$0.name, "\($0.probability)"] }
    }
    return ([["image", "label"] + names] + rows).map { $0.map(quoted).joined(separator: ",") }
      .joined(separator: "\n")
  }

  /// A cell by RFC 4180.
  private func quoted(_ cell: String) -> String {
    guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
    return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// What `predict --json` prints for an image.
  private struct Row: Encodable {
    let image: String
    let label: String?
    let classes: [Prediction.Class]

    init(_ prediction: FilePrediction, top: Int) {
      image = prediction.file.path
      label = prediction.file.label
      classes = Array(prediction.prediction.classes.prefix(top))
    }
  }
}
