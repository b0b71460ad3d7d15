/// JSON of any form, whole numbers and others as texts.
package indirect enum JSONTree: Decodable {
  case null
  case truth(Bool)
  case text(String)
  case list([JSONTree])
  case object([String: JSONTree])

  /// What a value is written as.
  package init(of value: some Encodable) {
    // What JSON wrote it reads.
    self = try! JSON.decode(JSONTree.self, from: Array(JSON.encode(value).utf8))
  }

  /// Takes whatever is there.
  package init(from decoder: any Decoder) throws {
    if let members = try? [String: JSONTree](from: decoder) {
      self = .object(members)
    } else if let items = try? [JSONTree](from: decoder) {
      self = .list(items)
    } else {
      self = try JSONTree(decoder.singleValueContainer())
    }
  }

  private init(_ container: any SingleValueDecodingContainer) throws {
    if container.decodeNil() {
      self = .null
    } else if let truth = try? container.decode(Bool.self) {
      self = .truth(truth)
    } else if let whole = try? container.decode(Int64.self) {
      self = .text("\(whole)")
    } else if let large = try? container.decode(UInt64.self) {
      self = .text("\(large)")
    } else if let number = try? container.decode(Double.self) {
      self = .text("\(number)")
    } else {
      self = .text(try container.decode(String.self))
    }
  }
}
