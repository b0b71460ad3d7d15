/// Rows of text in columns.
public struct Table: Sendable {
  /// What the table is of, in a phrase.
  public var caption: String
  /// The columns, from left to right.
  public var columns: [Column]
  /// The rows, each with a cell for every column.
  public var rows: [[Cell]]

  /// Creates a table; traps if a row has not as many cells as there are columns.
  public init(_ caption: String, columns: [Column], rows: [[Cell]]) {
    for row in rows {
      precondition(row.count == columns.count, "\(caption): \(row.count) cells in \(columns.count) columns")
    }
    self.caption = caption
    self.columns = columns
    self.rows = rows
  }

  /// A column.
  public struct Column: Hashable, Sendable, ExpressibleByStringLiteral {
    /// Its heading.
    public var title: String
    /// Whether it holds numbers, which are aligned at the right.
    public var isNumeric: Bool

    /// Creates a column.
    public init(_ title: String, isNumeric: Bool = false) {
      self.title = title
      self.isNumeric = isNumeric
    }

    /// A column of text.
    public init(stringLiteral value: String) { self.init(value) }

    /// A column of numbers.
    public static func number(_ title: String) -> Column { Column(title, isNumeric: true) }
  }

  /// What stands in a row under a column.
  public struct Cell: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The text.
    public var text: String
    /// How it is to be taken; the text says it, too.
    public var tone: Report.Tone

    /// Creates a cell.
    public init(_ text: String, tone: Report.Tone = .neutral) {
      self.text = text
      self.tone = tone
    }

    /// A cell that is neither good nor bad.
    public init(stringLiteral value: String) { self.init(value) }
  }
}
