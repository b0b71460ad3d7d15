internal import LockstepCore

/// Limits that no model of ours comes near, so that a file made to harm costs neither time nor memory.
private enum Limit {
  /// About 2,000 layers.
  static let bytes = 1 << 16
  /// Values after aliases are put in place.
  static let values = 10_000
  /// Lists and mappings in each other; an alias can stand for what it is in.
  static let depth = 100
}

/// What a document is to be, for errors about it as a whole.
struct DocumentKind {
  /// Completes "is it a …?".
  let name: String
  /// The keys, one of which it must have at least, as an error names them.
  let leastKeys: String

  static let model = DocumentKind(name: "model", leastKeys: "'layers:'")
  static let sweep = DocumentKind(name: "sweep", leastKeys: "'settings:' or 'seeds:'")
}

extension Value {
  /// Parses a text of one YAML document.
  init(yaml text: String, file: String, as kind: DocumentKind) throws(SpecificationError) {
    guard text.utf8.count <= Limit.bytes else {
      throw SpecificationError(
        file: file, problem: "the file has more than \(Limit.bytes / 1024) KiB; is it a \(kind.name)?")
    }
    let document: YAMLDocument
    do {
      document = try YAMLDocument(text)
    } catch {
      throw SpecificationError(error, file: file, text: text)
    }
    guard let root = document.root else {
      throw SpecificationError(
        file: file, problem: "the file is empty; a \(kind.name) needs at least \(kind.leastKeys)")
    }
    var reader = ValueReader(document: document, file: file)
    self = try reader.value(of: root)
  }
}

/// Makes values of a document's nodes, each alias a copy of what it stands for.
private struct ValueReader {
  let document: YAMLDocument
  let file: String
  private var count = 0
  private var depth = 0

  init(document: YAMLDocument, file: String) {
    self.document = document
    self.file = file
  }

  mutating func value(of node: YAMLDocument.Node) throws(SpecificationError) -> Value {
    let position = document.position(of: node)
    count += 1
    guard count <= Limit.values else {
      throw SpecificationError(file: file, position, "the file holds more than \(Limit.values) values")
    }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Limit.depth else {
      throw SpecificationError(
        file: file, position, "more than \(Limit.depth) lists and mappings in each other")
    }
    return Value(content: try content(of: node), position: position)
  }

  private mutating func content(of node: YAMLDocument.Node) throws(SpecificationError) -> Value.Content {
    switch document.content(of: node) {
    case .scalar(let text): return .scalar(text)
    case .sequence(let nodes):
      var values: [Value] = []
      for node in nodes { values.append(try value(of: node)) }
      return .list(values)
    case .mapping(let pairs):
      var entries: [Value.Entry] = []
      var keys: Set<String> = []
      for pair in pairs {
        let key = try value(of: pair.key)
        guard let text = key.text else {
          throw SpecificationError(file: file, key.position, "a key must be a word, not \(key.quoted)")
        }
        guard keys.insert(text).inserted else {
          throw SpecificationError(file: file, key.position, "the key '\(text)' occurs twice in one mapping")
        }
        entries.append(Value.Entry(key: text, position: key.position, value: try value(of: pair.value)))
      }
      return .mapping(entries)
    }
  }
}

extension SpecificationError {
  fileprivate init(_ problem: YAMLProblem, file: String, text: String) {
    switch problem {
    case .malformed(let problem, let position):
      let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      let indent = lines.dropFirst(position.line - 1).first?.prefix { $0 == " " || $0 == "\t" } ?? ""
      let hint = indent.contains("\t") ? "; indent with spaces, not tabs" : ""
      self.init(file: file, position, "not valid YAML: \(problem)\(hint)")
    case .unreadable(let problem, let offset):
      let line = text.utf8.prefix(offset).count { $0 == UInt8(ascii: "\n") } + 1
      self.init(file: file, line: line, problem: "not valid YAML: \(problem)")
    case .secondDocument(let position):
      self.init(file: file, position, "a second document begins here; a file holds one")
    case .outOfMemory: self.init(file: file, problem: "no memory is left to read it")
    }
  }
}
