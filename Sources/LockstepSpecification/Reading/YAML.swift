internal import LockstepCore
import Yams

/// Limits that no model of ours comes near, so that a file made to harm costs neither time nor memory.
private enum Limit {
  /// About 2,000 layers.
  static let bytes = 1 << 16
  /// Values after aliases are put in place.
  static let values = 10_000
  /// Yams puts aliases in place and hashes mappings while it parses, before values can be counted. So few of
  /// them can repeat a value 3^(16/3) = 350 times at most.
  static let aliases = 16
}

/// What a document is to be, for errors about it as a whole.
struct DocumentKind {
  /// Completes "is it a …?".
  let name: String
  /// The key that it is nothing without.
  let leastKey: String
  /// What would be written out in place of aliases.
  let contents: String

  static let model = DocumentKind(name: "model", leastKey: "layers", contents: "layers")
  static let sweep = DocumentKind(name: "sweep", leastKey: "settings", contents: "values")
}

extension Value {
  /// Parses a text of one YAML document.
  init(yaml text: String, file: String, as kind: DocumentKind) throws(SpecificationError) {
    try Value.checkLimits(of: text, file, kind)
    let root: Node?
    do {
      // The encoding is named, or Yams would look for one in the environment and print what it found.
      root = try Parser(yaml: text, encoding: .utf8).singleRoot()
    } catch {
      throw SpecificationError(yaml: error, file: file, text: text)
    }
    guard let root else {
      throw SpecificationError(
        file: file, problem: "the file is empty; a \(kind.name) needs at least '\(kind.leastKey):'")
    }
    var budget = Limit.values
    self = try Value(root, &budget, file)
  }

  private init(_ node: Node, _ budget: inout Int, _ file: String) throws(SpecificationError) {
    let position = Position(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    budget -= 1
    guard budget >= 0 else {
      throw SpecificationError(file: file, position, "the file holds more than \(Limit.values) values")
    }
    self.position = position
    switch node {
    case .scalar(let scalar): content = .scalar(scalar.string)
    case .sequence(let sequence):
      var values: [Value] = []
      for node in sequence { values.append(try Value(node, &budget, file)) }
      content = .list(values)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (keyNode, node) in mapping {
        let key = try Value(keyNode, &budget, file)
        guard let text = key.text else {
          throw SpecificationError(file: file, key.position, "a key must be a word, not \(key.quoted)")
        }
        entries.append(Entry(key: text, position: key.position, value: try Value(node, &budget, file)))
      }
      content = .mapping(entries)
    case .alias: trap("the parser puts aliases in place")
    }
  }

  private static func checkLimits(
    of text: String, _ file: String, _ kind: DocumentKind
  ) throws(SpecificationError) {
    guard text.utf8.count <= Limit.bytes else {
      throw SpecificationError(
        file: file, problem: "the file has more than \(Limit.bytes / 1024) KiB; is it a \(kind.name)?")
    }
    // An asterisk in a comment counts too; that costs nobody anything while there is no anchor.
    let asterisks = text.utf8.lazy.filter { $0 == UInt8(ascii: "*") }.count
    if asterisks > Limit.aliases && text.utf8.contains(UInt8(ascii: "&")) {
      throw SpecificationError(
        file: file, problem: "more than \(Limit.aliases) aliases (*name); write the \(kind.contents) out")
    }
  }
}

extension SpecificationError {
  fileprivate init(yaml error: any Error, file: String, text: String) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let indent = lines.dropFirst(mark.line - 1).first?.prefix { $0 == " " || $0 == "\t" } ?? ""
      let hint = indent.contains("\t") ? "; indent with spaces, not tabs" : ""
      self.init(
        file: file, Position(line: mark.line, column: mark.column), "not valid YAML: \(problem)\(hint)")
    case .reader(let problem, let offset?, _, _):
      let before = text.prefix(offset)
      let line = before.reduce(1) { $1.isNewline ? $0 + 1 : $0 }
      self.init(file: file, line: line, problem: "not valid YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      self.init(
        file: file, Position(line: context.mark.line, column: context.mark.column),
        "the key '\(keys[0])' occurs twice in one mapping")
    default: self.init(file: file, problem: "not valid YAML: \(error)")
    }
  }
}
