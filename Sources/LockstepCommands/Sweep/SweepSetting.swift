import ArgumentParser
import LockstepSpecification

/// An option of `train`, and the values it is to have one after the other.
struct SweepSetting: Codable, Equatable {
  /// Settings that a sweep has options of its own for, or none.
  static let excluded: Set<String> = ["seed", "output", "resume", "json", "quiet"]

  /// The option without its dashes, such as `learning-rate`.
  let name: String
  /// The values, as they are typed.
  let values: [String]

  /// Reads `name=value,value`, the name as options are spelt or as model files spell it.
  ///
  /// - Throws: ``UsageError`` for anything else.
  init(_ text: String) throws {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw UsageError("--set takes a name and values, such as learningRate=0.01,0.05, not '\(text)'")
    }
    name = Self.optionName(text[..<equals])
    let list = text[text.index(after: equals)...]
    let separator: Character = list.contains(";") ? ";" : ","
    values = list.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    if values.contains("") { throw UsageError("--set \(text) has a value that is empty") }
    if Self.excluded.contains(name) {
      let advice = name == "seed" ? ": use --seeds" : ""
      throw UsageError("--set can't vary \(name)\(advice)")
    }
  }

  /// A setting of a file.
  init(_ setting: SweepSpecification.Setting) {
    name = Self.optionName(setting.name[...])
    values = setting.values
  }

  /// Whether arguments of `train` have the option, as a flag or with a value.
  func isGiven(in arguments: [String]) -> Bool {
    arguments.contains { argument in
      let option = argument.prefix { $0 != "=" }
      return option == "--\(name)" || option == "--no-\(name)"
    }
  }

  /// The value as arguments of `train`; `true` and `false` are for flags.
  func arguments(for value: String) -> [String] {
    switch value {
    case "true": ["--\(name)"]
    case "false": ["--no-\(name)"]
    // One argument, so that a value may begin with a dash.
    default: ["--\(name)=\(value)"]
    }
  }

  /// `learningRate` as `learning-rate`.
  private static func optionName(_ text: Substring) -> String {
    let bare = text.drop { $0 == "-" }
    return bare.reduce(into: "") { name, character in
      if character.isUppercase { name += "-" }
      name += character.lowercased()
    }
  }
}

/// The seeds of a sweep.
enum SweepSeeds {
  private static let limit: UInt64 = 10_000

  /// Reads `0..4`, which has both ends, or numbers with commas between, or both.
  ///
  /// - Parameter source: what the text was given for, as errors say it.
  /// - Throws: ``UsageError`` for anything else.
  static func read(_ text: String, of source: String = "--seeds") throws -> [UInt64] {
    var seeds: [UInt64] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "..", omittingEmptySubsequences: false).map { UInt64($0) }
      guard let first = ends[0], ends.count <= 2, let last = ends[ends.count - 1], first <= last,
        last - first < limit
      else { throw UsageError("\(source) takes numbers such as 0..4 or 0,1,7, not '\(text)'") }
      seeds += first...last
    }
    if Set(seeds).count < seeds.count { throw UsageError("\(source) \(text) has a seed twice") }
    return seeds
  }
}
