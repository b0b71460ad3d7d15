/// Why curves can't be read or held against each other, in one line: which file, which line, what helps.
public struct CurveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line.
  public let description: String

  init(_ description: String) { self.description = description }

  /// A mistake in a line of a file.
  init(_ path: String, line: Int, _ problem: String) { description = "\(path):\(line): \(problem)" }
}
