import Lockstep
import LockstepCore
import LockstepReports
import LockstepTraining

/// What was measured of a classifier, for a person.
struct MetricsText {
  /// With more classes the matrix is wider than a screen, and the most frequent confusions are named instead.
  private static let matrixLimit = 12
  private static let confusionLimit = 10

  private let metrics: ClassificationMetrics
  private let classNames: [String]

  init(_ metrics: ClassificationMetrics, classNames: [String]) {
    self.metrics = metrics
    self.classNames = classNames
  }

  /// Tables and lines, at most `width` columns wide.
  func text(width: Int, style: TextStyle) -> String {
    var parts = [classes.text(width: width, style: style), remarks.joined(separator: "\n")]
    if classNames.count <= Self.matrixLimit { parts.append(matrix.text(width: width, style: style)) }
    if let confusions { parts.append(confusions) }
    return parts.joined(separator: "\n\n")
  }

  private var classes: Table {
    let confusion = metrics.confusion
    let rows = classNames.enumerated().map { row($1, confusion.scores($0)) }
    return Table(
      "How well each class is told from the others",
      columns: ["class", .number("precision"), .number("recall"), .number("F1"), .number("images")],
      rows: rows + [
        row("mean of classes", confusion.macroAverage), row("mean of images", confusion.weightedAverage),
      ])
  }

  private func row(_ name: String, _ scores: ClassScores) -> [Table.Cell] {
    [
      Table.Cell(name), number(scores.precision), number(scores.recall), number(scores.f1),
      Table.Cell(NumberFormat.grouped(scores.support)),
    ]
  }

  private func number(_ share: Double) -> Table.Cell { Table.Cell(NumberFormat.fixed(share, 4)) }

  /// Top-k accuracies and calibration, a line each.
  private var remarks: [String] {
    let tops = ClassificationMetrics.topCounts.compactMap { k in
      metrics.topAccuracy(k).map { "top-\(k) accuracy \(NumberFormat.fixed($0, 4))" }
    }
    let error = NumberFormat.fixed(metrics.calibration.expectedError, 4)
    return tops + [
      "expected calibration error \(error) (\(metrics.calibration.bins.count) bins): "
        + "how far confidence is from accuracy"
    ]
  }

  private var matrix: Table {
    Table(
      "What images of a class (rows) are taken for (columns)",
      columns: [""] + classNames.map { .number($0) },
      rows: classNames.indices.map { label in
        [Table.Cell(classNames[label])]
          + classNames.indices.map { prediction in
            let count = metrics.confusion[label, prediction]
            let tone: Report.Tone = label == prediction ? .good : count > 0 ? .bad : .neutral
            return Table.Cell(count == 0 ? "·" : "\(count)", tone: tone)
          }
      })
  }

  /// The most frequent mistakes, nil if there are none.
  private var confusions: String? {
    let pairs = metrics.confusion.confusions(limit: Self.confusionLimit)
    guard !pairs.isEmpty else { return nil }
    let words = pairs.map { "\(classNames[$0.label]) for \(classNames[$0.prediction]) (\($0.count))" }
    return "Most often taken: " + words.joined(separator: ", ")
  }
}

extension ConfusionChart {
  /// The chart of what a classifier takes for what.
  init(_ metrics: ClassificationMetrics, classNames: [String], title: String) {
    let evaluation = metrics.evaluation
    self.init(
      title,
      summary:
        "\(NumberFormat.grouped(evaluation.correctCount)) of \(NumberFormat.grouped(evaluation.count)) images are "
        + "taken for what they are (\(NumberFormat.fixed(evaluation.accuracy * 100, 2)) %). Green is right, red is "
        + "not; the stronger, the larger the share of the class.",
      classNames: classNames, counts: metrics.confusion.rows)
  }
}
