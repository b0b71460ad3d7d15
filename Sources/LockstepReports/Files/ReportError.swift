/// A report or a plot could not be made.
public struct ReportError: Error, Hashable, CustomStringConvertible {
  /// What went wrong and what to do, in one line.
  public let description: String

  /// Creates an error from its message.
  init(_ description: String) { self.description = description }
}
