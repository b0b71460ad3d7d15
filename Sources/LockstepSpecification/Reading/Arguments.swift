import LockstepCore

/// What one reading of a document has in common: the meaning of `classes`, problems found, places of layers.
final class Reader {
  let classes: Int
  private var problems: [(position: Position, problem: String)] = []
  private var layerPositions: [String: Position] = [:]
  private var path: [String] = []

  init(classes: Int) { self.classes = classes }

  /// The problem that stands first in the file.
  var firstProblem: (position: Position, problem: String)? { problems.min { $0.position < $1.position } }

  func report(_ position: Position, _ problem: String) { problems.append((position, problem)) }

  /// Reads a layer under its name, such as `layers.0`.
  func readLayer<Result>(_ name: String, at position: Position, _ body: () -> Result) -> Result {
    path.append(name)
    defer { path.removeLast() }
    layerPositions[path.joined(separator: ".")] = position
    return body()
  }

  /// Where a layer stands that the model calls by a path.
  func position(ofLayer path: String) -> Position? { layerPositions[path] }
}

/// The keys of a mapping, as a maker asks for them.
///
/// Asking never fails: problems go to the ``Reader`` and the maker gets a stand-in, so that it reads like a
/// call. The keys it asked for are the known ones; ``finish()`` reports all others.
final class Arguments {
  private let owner: String
  private let value: Value
  private let entries: [Value.Entry]
  private let reader: Reader
  private var asked: [String] = []
  private var missing: [String] = []

  init(_ owner: String, _ value: Value, _ reader: Reader) {
    self.owner = owner
    self.value = value
    self.reader = reader
    if case .mapping(let entries) = value.content {
      self.entries = entries
    } else {
      entries = []
      if !value.isEmpty {
        reader.report(value.position, "\(owner) needs keys with values, not \(value.quoted)")
      }
    }
  }

  /// What stands behind a key, unread.
  func value(of key: String) -> Value? { entries.first { $0.key == key }?.value }

  /// The value of a key, or nil where it is absent or wrong.
  func find<T>(_ key: String, _ kind: ValueKind<T>) -> T? {
    asked.append(key)
    return value(of: key).flatMap { kind.parse($0, key, reader) }
  }

  /// The value of a key that may be absent.
  func get<T>(_ key: String, _ kind: ValueKind<T>, or fallback: T) -> T { find(key, kind) ?? fallback }

  /// The value of a key that must be there.
  func get<T>(_ key: String, _ kind: ValueKind<T>) -> T {
    if value(of: key) == nil { missing.append(key) }
    return find(key, kind) ?? kind.standIn
  }

  /// Reports keys that nobody asked for, or else those that are missing: a slip makes both, and the unknown key
  /// tells more.
  func finish() {
    for entry in entries where !asked.contains(entry.key) {
      let help = asked.isEmpty ? "it takes none" : suggestion(for: entry.key, among: asked)
      reader.report(entry.position, "unknown key '\(entry.key)' of \(owner); \(help)")
    }
    guard entries.allSatisfy({ asked.contains($0.key) }) else { return }
    for key in missing { reader.report(value.position, "\(owner) needs the key '\(key)'") }
  }
}
