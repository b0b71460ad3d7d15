/// Why a file is no model, or why its model doesn't fit the data: one line for the person who wrote the file.
public struct SpecificationError: Error, Hashable, Sendable {
  /// The file, as it was named by whoever asked to read it.
  public let file: String
  /// The line it is about, from 1; nil where it is about the whole file.
  public let line: Int?
  /// The column it is about, from 1; nil where it is about the whole file.
  public let column: Int?
  /// What is wrong and, where it can be told, what would be right.
  public let problem: String

  /// Creates an error.
  public init(file: String, line: Int? = nil, column: Int? = nil, problem: String) {
    self.file = file
    self.line = line
    self.column = column
    self.problem = problem
  }

  init(file: String, _ position: Position, _ problem: String) {
    self.init(file: file, line: position.line, column: position.column, problem: problem)
  }
}

extension SpecificationError: CustomStringConvertible {
  /// File, line, column and problem the way compilers write them: `models/net.yaml:7:14: …`.
  public var description: String {
    ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":") + ": " + problem
  }
}
