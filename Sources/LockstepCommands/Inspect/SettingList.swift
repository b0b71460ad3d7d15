import LockstepCore
import LockstepTraining

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Every setting of a value, by the names its file has for them, so that a new one is never left out.
struct SettingList {
  struct Setting: Hashable {
    /// The name in words, such as `learning rate`.
    let name: String
    let value: String
  }

  private(set) var settings: [Setting] = []

  /// Takes the settings from what a value is written as, in the order of their names.
  init(_ value: some Encodable) {
    guard let tree = try? JSON.decode(Node.self, from: Array(JSON.encode(value).utf8)) else { return }
    add(tree, named: "")
  }

  private mutating func add(_ node: Node, named name: String) {
    switch node {
    case .text(let text): settings.append(Setting(name: name, value: text))
    case .list(let nodes):
      var inner = SettingList()
      for node in nodes { inner.add(node, named: "") }
      let texts = inner.settings.map { $0.name.isEmpty ? $0.value : "\($0.name) \($0.value)" }
      settings.append(Setting(name: name, value: "[\(texts.joined(separator: ", "))]"))
    case .object(let members):
      for key in members.keys.sorted() {
        add(members[key]!, named: name.isEmpty ? Self.words(of: key) : "\(name) \(Self.words(of: key))")
      }
    }
  }

  private init() {}

  /// `learningRate` as `learning rate`.
  static func words(of key: String) -> String {
    key.reduce(into: "") { words, character in
      words += character.isUppercase ? " \(character.lowercased())" : String(character)
    }
  }

  /// JSON of any form; numbers and truth values as they are read.
  private indirect enum Node: Decodable {
    case text(String)
    case list([Node])
    case object([String: Node])

    init(from decoder: any Decoder) throws {
      if let members = try? [String: Node](from: decoder) {
        self = .object(members)
        return
      }
      if let nodes = try? [Node](from: decoder) {
        self = .list(nodes)
        return
      }
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .text("none")
      } else if let truth = try? container.decode(Bool.self) {
        self = .text(truth ? "yes" : "no")
      } else if let whole = try? container.decode(Int.self) {
        self = .text("\(whole)")
      } else if let number = try? container.decode(Double.self) {
        self = .text("\(number)")
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }
}
