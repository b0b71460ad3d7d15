import LockstepTraining

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
    add(JSONTree(of: value), named: "")
  }

  private mutating func add(_ node: JSONTree, named name: String) {
    switch node {
    case .null: settings.append(Setting(name: name, value: "none"))
    case .truth(let truth): settings.append(Setting(name: name, value: truth ? "yes" : "no"))
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
}
