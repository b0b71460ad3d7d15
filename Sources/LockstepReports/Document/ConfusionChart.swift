/// A square of numbers: what is taken for what.
public struct ConfusionChart: Sendable {
  /// What is on the chart.
  public var title: String
  /// What is to be seen, in a sentence.
  public var summary: String
  /// The names of rows and columns.
  public var classNames: [String]
  /// Row by row: how many of the row's class were taken for each column's.
  public var counts: [[Int]]

  /// Creates a chart; traps unless there are as many rows and columns as names.
  public init(_ title: String, summary: String, classNames: [String], counts: [[Int]]) {
    precondition(
      counts.count == classNames.count && counts.allSatisfy { $0.count == classNames.count },
      "\(title): a row and a column for each of \(classNames.count) names")
    self.title = title
    self.summary = summary
    self.classNames = classNames
    self.counts = counts
  }
}
