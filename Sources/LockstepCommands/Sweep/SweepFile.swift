import ArgumentParser
import LockstepSpecification

/// A file of `--file`: seeds, settings and what all runs have, seen to be what `train` knows.
struct SweepFile {
  /// Options of `train` that may be given several times at once.
  private static let repeatable: Set<String> = ["freeze", "group"]

  /// Nil where the file has none.
  let seeds: [UInt64]?
  let settings: [SweepSetting]
  private let training: [SweepSetting]

  /// Reads a file.
  ///
  /// - Throws: `SpecificationError` with the place of what can't be swept.
  init(_ path: String) throws {
    let specification = try SweepSpecification(contentsOf: path)
    seeds = try specification.seeds.map { try SweepSeeds.read($0, of: "\(path): seeds") }
    settings = specification.settings.map { SweepSetting($0) }
    training = specification.training.map { SweepSetting($0) }
    var known: [String: String] = [:]
    for setting in specification.settings + specification.training {
      let name = SweepSetting(setting).name
      if let other = known.updateValue(setting.name, forKey: name) {
        let twice = other == setting.name ? "" : ", as \(other)"
        throw specification.error("\(setting.name) is there twice\(twice)", at: setting)
      }
      try Self.check(setting, specification)
    }
    for setting in specification.training where setting.values.count > 1 {
      guard !Self.repeatable.contains(SweepSetting(setting).name) else { continue }
      throw specification.error(
        "all runs have one \(setting.name): lists of what varies are under 'settings'", at: setting)
    }
    for setting in specification.settings {
      let counts = Dictionary(grouping: setting.values, by: \.self)
      if let twice = setting.values.first(where: { (counts[$0]?.count ?? 0) > 1 }) {
        throw specification.error("\(setting.name) has the value \(twice) twice", at: setting)
      }
    }
  }

  /// What `train` is told of the file, but for options that the command line has: `given`.
  func training(without given: [String]) -> [String] {
    training.filter { !$0.isGiven(in: given) }
      .flatMap { setting in setting.values.flatMap { setting.arguments(for: $0) } }
  }

  /// Sees that `train` has an option of the name.
  private static func check(
    _ setting: SweepSpecification.Setting, _ specification: SweepSpecification
  ) throws {
    let option = SweepSetting(setting)
    if SweepSetting.excluded.contains(option.name) {
      let advice = option.name == "seed" ? ": use the key 'seeds'" : ""
      throw specification.error("a sweep's runs can't be given \(setting.name)\(advice)", at: setting)
    }
    do {
      _ = try TrainOptions.parse(option.arguments(for: option.values[0]))
    } catch {
      // What is wrong with a value is said of the run it is in.
      let message = TrainOptions.message(for: error)
      if message.hasPrefix("Unknown option") { throw specification.error(message, at: setting) }
    }
  }
}
