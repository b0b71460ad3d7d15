import LockstepCore

/// A pattern for paths such as `layers.0.weight`: `*` stands for any letters, points among them, and `?` for one.
/// What matches the path of a module matches all that is in it: `layers.0`, `layers.0.*` and `*.weight` all match
/// `layers.0.weight`.
public struct PathPattern: Hashable, Sendable, Codable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The pattern as it was written.
  public let description: String

  /// Creates a pattern.
  public init(_ text: String) { description = text }

  /// Creates a pattern.
  public init(stringLiteral text: String) { description = text }

  /// Reads the text.
  public init(from decoder: any Decoder) throws {
    description = try decoder.singleValueContainer().decode(String.self)
  }

  /// Writes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Whether the pattern is that of a path, or of a module the path leads through.
  public func matches(_ path: String) -> Bool {
    let (pattern, path) = (Array(description.utf8), Array(path.utf8))
    return path.indices.contains { index in
      path[index] == UInt8(ascii: ".") && Self.matches(pattern, path[..<index])
    } || Self.matches(pattern, path[...])
  }

  /// Whether a pattern is that of a whole text: on a mismatch the last `*` takes one letter more, which is enough.
  private static func matches(_ pattern: [UInt8], _ text: ArraySlice<UInt8>) -> Bool {
    var (p, t) = (0, text.startIndex)
    var retry: (pattern: Int, text: Int)?
    while t < text.endIndex {
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        retry = (p + 1, t)
        p += 1
      } else if p < pattern.count, pattern[p] == text[t] || pattern[p] == UInt8(ascii: "?") {
        p += 1
        t += 1
      } else if let last = retry {
        retry = (last.pattern, last.text + 1)
        (p, t) = (last.pattern, last.text + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

extension [PathPattern] {
  /// Sees that each matches a name.
  ///
  /// - Throws: ``PatternError`` of the first that matches none.
  package func check(against names: [String], _ what: String) throws(PatternError) {
    for pattern in self where !names.contains(where: pattern.matches) {
      throw PatternError(pattern, names, what)
    }
  }
}

/// A pattern that matches nothing.
public struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One line: the pattern, and what was probably meant.
  public let description: String

  /// - Parameter names: the paths there are.
  init(_ pattern: PathPattern, _ names: [String], _ what: String) {
    let paths = names.map { $0.split(separator: ".") }
    let modules = paths.flatMap { path in (1..<path.count).map { path[..<$0].joined(separator: ".") } }
    let leaves = paths.compactMap { path in path.last.map { "*.\($0)" } }
    // The order decides between two that are equally near.
    var candidates: [String] = []
    for name in names + modules + modules.map({ "\($0).*" }) + leaves where !candidates.contains(name) {
      candidates.append(name)
    }
    let help =
      nearest(to: "\(pattern)", among: candidates).map { "did you mean '\($0)'?" }
      ?? "they are \(Self.listed(names))"
    description = "no \(what) matches '\(pattern)'; \(help)"
  }

  /// At most so many names are listed.
  private static let listLimit = 8

  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(listLimit).joined(separator: ", ")
    return names.count > listLimit ? "\(shown), … (\(names.count) in all)" : shown
  }
}
