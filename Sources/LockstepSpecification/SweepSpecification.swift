internal import LockstepCore

/// A sweep as a YAML file describes it: the seeds, the settings that vary, and what all of its runs have.
///
/// ```yaml
/// seeds: 0..4                                 # or a list of numbers
/// settings:                                   # every combination is trained with every seed
///   learningRate: [0.01, 0.05]
///   optimizer: [sgd, {adamw: {beta2: 0.99}}]
/// training:                                   # what all runs have
///   data: datasets/fashion-mnist
///   epochs: 5
/// ```
/// Settings are options of `train`, named as there or as in model files, with values spelt as there or as in model
/// files. Which there are, and what they take, `train` decides.
public struct SweepSpecification: Hashable, Sendable {
  /// An option of `train` and the texts it is given.
  public struct Setting: Hashable, Sendable {
    /// The name as it stands in the file.
    public let name: String
    /// What `train` is told; of ``SweepSpecification/settings`` one after the other, of
    /// ``SweepSpecification/training`` all of them. At least one.
    public let values: [String]
    fileprivate let position: Position
  }

  /// The file, as it was named by whoever asked to read it.
  public let file: String
  /// The seeds as `--seeds` takes them; nil where the file has none.
  public let seeds: String?
  /// The settings that vary, in the file's order.
  public let settings: [Setting]
  /// What all runs have, in the file's order.
  public let training: [Setting]

  /// Reads a file.
  ///
  /// - Throws: ``SpecificationError`` with file, line and what is wrong.
  public init(contentsOf path: String) throws(SpecificationError) {
    try self.init(try readText(path, as: .sweep), file: path)
  }

  /// Reads a text; `file` is what errors call it.
  ///
  /// - Throws: ``SpecificationError`` with file, line and what is wrong.
  public init(_ text: String, file: String = "sweep.yaml") throws(SpecificationError) {
    let root = try Value(yaml: text, file: file, as: .sweep)
    let reader = Reader(classes: 1)
    let top = Arguments("the sweep", root, reader)
    self.file = file
    seeds = top.find("seeds", .seeds)
    settings = top.find("settings", .varied) ?? []
    training = top.find("training", .fixed) ?? []
    top.finish()
    if let entries = root.entries, entries.allSatisfy({ $0.key == "training" }) {
      reader.report(root.position, "the sweep needs the key 'settings' or 'seeds'")
    }
    if let (position, problem) = reader.firstProblem {
      throw SpecificationError(file: file, position, problem)
    }
  }

  /// A problem with a setting, at its place in the file.
  public func error(_ problem: String, at setting: Setting) -> SpecificationError {
    SpecificationError(file: file, setting.position, problem)
  }
}

extension ValueKind<String> {
  /// A seed, a range of them, or a list of those.
  fileprivate static var seeds: ValueKind {
    ValueKind("a list of numbers, or a range such as 0..4", standIn: "0") { value in
      let texts = (value.items ?? [value]).map(\.text)
      guard !texts.isEmpty, texts.allSatisfy({ $0.map(isRange) ?? false }) else { return nil }
      return texts.compactMap(\.self).joined(separator: ",")
    }
  }

  /// Whether a text may be a number or a range; which ones there are is the sweep's to say.
  private static func isRange(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { "0123456789.,".utf8.contains($0) }
  }
}

extension ValueKind<[SweepSpecification.Setting]> {
  /// Names, each with a list of values.
  fileprivate static var varied: ValueKind {
    settings { value, name, reader in
      guard let items = value.items else {
        reader.report(
          value.position,
          "\(name) needs a list of values, such as [\(value.text ?? "1"), …], not \(value.quoted)")
        return nil
      }
      return items
    }
  }

  /// Names, each with a value, or a list of those that it is given together.
  fileprivate static var fixed: ValueKind { settings { value, _, _ in value.items ?? [value] } }

  private static func settings(
    _ items: @escaping (_ value: Value, _ name: String, _ reader: Reader) -> [Value]?
  ) -> ValueKind {
    ValueKind(standIn: []) { value, key, reader in
      guard let entries = value.entries, !entries.isEmpty else {
        let found = value.entries == nil ? value.quoted : "none"
        reader.report(value.position, "\(key) needs names with values, not \(found)")
        return nil
      }
      return entries.compactMap { entry in
        guard let items = items(entry.value, entry.key, reader) else { return nil }
        guard !items.isEmpty else {
          reader.report(entry.value.position, "\(entry.key) needs at least one value")
          return nil
        }
        let values = items.compactMap { $0.optionText(of: entry.key, reader) }
        return .init(name: entry.key, values: values, position: entry.position)
      }
    }
  }
}

extension Value {
  /// A mapping's entries, else nil.
  fileprivate var entries: [Entry]? {
    guard case .mapping(let entries) = content else { return nil }
    return entries
  }
}
