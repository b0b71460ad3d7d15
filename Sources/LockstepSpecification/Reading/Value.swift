/// A value of a YAML document and the place where it begins.
struct Value: Hashable, Sendable {
  enum Content: Hashable, Sendable {
    case scalar(String)
    case list([Value])
    case mapping([Entry])
  }

  /// A key of a mapping, where it stands, and what is behind it.
  struct Entry: Hashable, Sendable {
    let key: String
    let position: Position
    let value: Value
  }

  let content: Content
  let position: Position

  /// A scalar's text, else nil.
  var text: String? {
    guard case .scalar(let text) = content else { return nil }
    return text
  }

  /// A list's values, else nil.
  var items: [Value]? {
    guard case .list(let items) = content else { return nil }
    return items
  }

  /// Whether nothing was written where a value was expected.
  var isEmpty: Bool { text.map { ["", "~", "null"].contains($0) } ?? false }

  /// The value as an error quotes it.
  var quoted: String {
    switch content {
    case .scalar where isEmpty: "nothing"
    case .scalar(let text): "'\(text)'"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}
