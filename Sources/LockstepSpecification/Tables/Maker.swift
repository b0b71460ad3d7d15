import LockstepCore

/// Something a file can ask for by name, with keys: a line of a table.
///
/// ``make`` is a closure that asks the ``Arguments`` for every key it takes; nothing else needs to know them.
struct Maker<Made>: Sendable {
  let name: String
  let make: @Sendable (Arguments) -> Made

  init(_ name: String, _ make: @escaping @Sendable (Arguments) -> Made) {
    self.name = name
    self.make = make
  }

  /// Makes what a value asks for, `name` or `{name: {key: value, …}}`; nil after a problem was reported.
  static func call(_ value: Value, from table: [Maker], _ what: String, _ reader: Reader) -> Made? {
    let (name, keys): (String, Value)
    switch value.content {
    case .scalar(let text) where !value.isEmpty:
      (name, keys) = (text, Value(content: .scalar(""), position: value.position))
    case .mapping(let entries) where entries.count == 1:
      (name, keys) = (entries[0].key, entries[0].value)
    case .mapping(let entries) where entries.count > 1:
      // What comes of keys that are not indented under the name.
      reader.report(
        entries[1].position, "indent '\(entries[1].key)' to make it a key of \(entries[0].key)")
      return nil
    default:
      let article = what.first.map("aeiou".contains) == true ? "an" : "a"
      reader.report(value.position, "expected the name of \(article) \(what), not \(value.quoted)")
      return nil
    }
    guard let maker = table.first(where: { $0.name == name }) else {
      reader.report(
        value.position, "unknown \(what) '\(name)'; \(suggestion(for: name, among: table.map(\.name)))")
      return nil
    }
    let arguments = Arguments(name, keys, reader)
    defer { arguments.finish() }
    return maker.make(arguments)
  }
}
