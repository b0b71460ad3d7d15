public import LockstepNN

/// Settings as an option has them on one line: a name with keys behind it, `adamw,beta2=0.99`, or keys alone,
/// `patience=5,metric=loss`. Lists stand in brackets: `multiStep,milestones=[30,60]`. Names and keys are those of a
/// model file.
public enum OptionText {
  /// The optimizer of a text such as `adamw,beta2=0.99`.
  public static func optimizer(_ text: String) throws(OptionTextError) -> OptimizerKind {
    try read(text, hasName: true, "optimizer", .optimizer)
  }

  /// The schedule of a text such as `cosine,minimum=0.001`.
  public static func schedule(_ text: String) throws(OptionTextError) -> LearningRateSchedule {
    try read(text, hasName: true, "schedule", .schedule)
  }

  /// The rule of a text such as `patience=5,metric=loss`.
  public static func earlyStopping(_ text: String) throws(OptionTextError) -> EarlyStopping {
    try read(text, hasName: false, "early stopping", .earlyStopping)
  }

  /// The group of a text such as `parameters=*.bias,weightDecay=0`.
  public static func group(_ text: String) throws(OptionTextError) -> ParameterGroup {
    try read(text, hasName: false, "a group", .group)
  }

  private static func read<T>(
    _ text: String, hasName: Bool, _ what: String, _ kind: ValueKind<T>
  ) throws(OptionTextError) -> T {
    let reader = Reader(classes: 1)
    let result = kind.parse(try value(text, hasName: hasName), what, reader)
    if let (_, problem) = reader.firstProblem { throw OptionTextError(problem) }
    guard let result else { throw OptionTextError("'\(text)' can't be understood") }
    return result
  }

  /// The text as the value of a file: a mapping of keys, under the name if there is one.
  private static func value(_ text: String, hasName: Bool) throws(OptionTextError) -> Value {
    var parts = split(text)
    let name = hasName ? parts.removeFirst() : nil
    var entries: [Value.Entry] = []
    for (index, part) in parts.enumerated() {
      guard let equals = part.firstIndex(of: "="), equals != part.startIndex else {
        throw OptionTextError("'\(part)' should be a key with its value, such as patience=5")
      }
      let key = String(part[..<equals])
      guard !entries.contains(where: { $0.key == key }) else {
        throw OptionTextError("\(key) is there twice")
      }
      // Problems are sorted by their place.
      let position = Position(line: 1, column: index + 2)
      let content = content(String(part[part.index(after: equals)...]), position)
      entries.append(.init(key: key, position: position, value: Value(content: content, position: position)))
    }
    let start = Position(line: 1, column: 1)
    let keys = Value(content: .mapping(entries), position: start)
    guard let name else { return keys }
    if entries.isEmpty { return Value(content: .scalar(name), position: start) }
    return Value(content: .mapping([.init(key: name, position: start, value: keys)]), position: start)
  }

  private static func content(_ text: String, _ position: Position) -> Value.Content {
    guard text.hasPrefix("["), text.hasSuffix("]"), text.count >= 2 else { return .scalar(text) }
    return .list(
      split(String(text.dropFirst().dropLast())).filter { !$0.isEmpty }.map {
        Value(content: .scalar($0), position: position)
      })
  }

  /// The text's parts between commas that are in no brackets; one at least.
  private static func split(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    for letter in text {
      if letter == "[" { depth += 1 }
      if letter == "]" { depth -= 1 }
      if letter == ",", depth <= 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(letter)
      }
    }
    return parts
  }
}

/// What is wrong with a text of settings.
public struct OptionTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The problem, without the option's name.
  public let description: String

  init(_ problem: String) { description = problem }
}
