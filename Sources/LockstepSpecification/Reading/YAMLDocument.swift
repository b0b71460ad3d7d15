import CYAML

/// Why a text is not one YAML document.
enum YAMLProblem: Error {
  /// What libyaml says, and where.
  case malformed(String, Position)
  /// A byte that no text may have, and its place among the bytes.
  case unreadable(String, offset: Int)
  /// Where the second document begins.
  case secondDocument(Position)
  case outOfMemory
}

/// A document as libyaml reads it: nodes with numbers, which name each other. An alias is the number of the node it
/// stands for, so that however often it is used nothing grows.
///
/// libyaml is called directly because Yams, the usual package around it, brings all of Foundation and of ICU, which
/// takes a tenth of the time from the start of a training to its first step.
final class YAMLDocument {
  typealias Node = Int32

  enum Content {
    case scalar(String)
    case sequence([Node])
    case mapping([(key: Node, value: Node)])
  }

  private let document: UnsafeMutablePointer<yaml_document_t>

  /// Reads a text of one document.
  init(_ text: String) throws(YAMLProblem) {
    let bytes = [UInt8](text.utf8)
    document = .allocate(capacity: 1)
    document.initialize(to: yaml_document_t())
    // A parser knows its own address: it must not move.
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    defer { parser.deallocate() }
    guard yaml_parser_initialize(parser) == 1 else { throw .outOfMemory }
    defer { yaml_parser_delete(parser) }
    let problem = bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
      return Self.load(document, from: parser)
    }
    if let problem { throw problem }
  }

  deinit {
    yaml_document_delete(document)
    document.deallocate()
  }

  /// The outermost node; nil where there is nothing but comments.
  var root: Node? { yaml_document_get_root_node(document) == nil ? nil : 1 }

  func position(of node: Node) -> Position { Position(self[node].start_mark) }

  func content(of node: Node) -> Content {
    let node = self[node]
    switch node.type {
    case YAML_SEQUENCE_NODE:
      let items = node.data.sequence.items
      return .sequence(Self.elements(from: items.start, to: items.top))
    case YAML_MAPPING_NODE:
      let pairs = node.data.mapping.pairs
      return .mapping(Self.elements(from: pairs.start, to: pairs.top).map { ($0.key, $0.value) })
    default:
      let scalar = node.data.scalar
      return .scalar(
        String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self))
    }
  }

  private subscript(node: Node) -> yaml_node_t { yaml_document_get_node(document, node).pointee }

  private static func elements<Element>(
    from start: UnsafeMutablePointer<Element>?, to top: UnsafeMutablePointer<Element>?
  ) -> [Element] {
    guard let start, let top else { return [] }
    return [Element](UnsafeBufferPointer(start: start, count: top - start))
  }

  private static func load(
    _ document: UnsafeMutablePointer<yaml_document_t>, from parser: UnsafeMutablePointer<yaml_parser_t>
  ) -> YAMLProblem? {
    guard yaml_parser_load(parser, document) == 1 else { return YAMLProblem(parser.pointee) }
    guard yaml_document_get_root_node(document) != nil else { return nil }
    var next = yaml_document_t()
    guard yaml_parser_load(parser, &next) == 1 else { return YAMLProblem(parser.pointee) }
    defer { yaml_document_delete(&next) }
    return yaml_document_get_root_node(&next) == nil ? nil : .secondDocument(Position(next.start_mark))
  }
}

extension Position {
  /// libyaml counts from 0.
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}

extension YAMLProblem {
  fileprivate init(_ parser: yaml_parser_t) {
    let text = parser.problem.map { String(cString: $0) } ?? "libyaml does not say why"
    switch parser.error {
    case YAML_MEMORY_ERROR: self = .outOfMemory
    case YAML_READER_ERROR: self = .unreadable(text, offset: Int(parser.problem_offset))
    default: self = .malformed(text, Position(parser.problem_mark))
    }
  }
}
