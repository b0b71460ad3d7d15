import ArgumentParser
import Lockstep
import LockstepCore
import LockstepSpecification

/// What is swept: every combination of settings, with every seed.
struct SweepPlan: Codable, Equatable {
  /// More runs than this are a mistake in the numbers.
  private static let runLimit = 10_000

  /// The seeds of each combination.
  let seeds: [UInt64]
  /// The settings that vary, the last one fastest.
  let settings: [SweepSetting]
  /// Options of `train` that all runs have.
  let training: [String]

  /// Puts a sweep together.
  ///
  /// - Throws: ``UsageError`` for what can't be swept.
  init(seeds: [UInt64], settings: [SweepSetting], training: [String]) throws {
    (self.seeds, self.settings, self.training) = (seeds, settings, training)
    let names = settings.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw UsageError("--set \(twice) is given twice: name all of its values in one")
    }
    let count = settings.reduce(seeds.count) { min($0 * $1.values.count, Self.runLimit + 1) }
    if count > Self.runLimit { throw UsageError("a sweep has at most \(Self.runLimit) runs") }
  }

  /// A run of the sweep.
  struct Run: Equatable {
    /// The folder it is in, inside of the sweep's.
    let name: String
    /// A value for each setting.
    let values: [String]
    /// The seed.
    let seed: UInt64
    /// What `train` is told.
    let arguments: [String]
  }

  /// All runs, in the order they are made in: all seeds of a combination one after the other.
  var runs: [Run] {
    let names = settings.map(\.name)
    return combinations.flatMap { values in
      seeds.map { seed in
        let parts = zip(names, values).map { "\($0)=\($1)" } + ["seed=\(seed)"]
        let options = zip(settings, values).flatMap { $0.arguments(for: $1) }
        return Run(
          name: parts.map(Self.fileName).joined(separator: ","), values: values, seed: seed,
          arguments: training + options + ["--seed", "\(seed)"])
      }
    }
  }

  /// Every combination of the settings' values.
  var combinations: [[String]] {
    settings.reduce([[]]) { combinations, setting in
      combinations.flatMap { values in setting.values.map { values + [$0] } }
    }
  }

  /// Sees that `train` understands every run, before the first begins.
  ///
  /// - Throws: ``UsageError`` with what it does not, and of which run.
  func check() throws {
    let reserved = [
      "--seed": "--seeds", "--resume": "--resume of the sweep", "--output": "--output of the sweep",
    ]
    for argument in training {
      if let instead = reserved[String(argument.prefix { $0 != "=" })] {
        throw UsageError("\(argument) is for a single run: use \(instead)")
      }
    }
    if let setting = settings.first(where: { $0.isGiven(in: training) }) {
      throw UsageError("\(setting.name) varies, so that no run can be told --\(setting.name): leave one out")
    }
    let runs = runs
    if let twice = Dictionary(grouping: runs, by: \.name).values.first(where: { $0.count > 1 }) {
      throw UsageError("two runs would be in the folder '\(twice[0].name)': give every value once")
    }
    for values in combinations {
      guard let run = runs.first(where: { $0.values == values }) else { continue }
      do {
        let options = try run.options()
        var configuration = try options.subject.specification().training.configuration
        try options.apply(to: &configuration)
      } catch let error as UsageError {
        throw UsageError(values.isEmpty ? "\(error)" : "with \(run.name): \(error)")
      }
    }
  }

  /// A name that is a folder's anywhere.
  private static func fileName(_ text: String) -> String {
    String(text.map { $0.isLetter || $0.isNumber || "=.,+-_".contains($0) ? $0 : "_" })
  }
}

extension SweepPlan.Run {
  /// The options of `train` that the run has.
  ///
  /// - Parameter folder: the run's; nil to look at the options only.
  /// - Throws: ``UsageError`` for what `train` does not understand.
  func options(in folder: String? = nil) throws -> TrainOptions {
    try Self.parsed(arguments + (folder.map { ["--output", $0] } ?? []))
  }

  /// The options that go on with a run.
  static func resuming(_ folder: String) throws -> TrainOptions { try parsed(["--resume", folder]) }

  private static func parsed(_ arguments: [String]) throws -> TrainOptions {
    do {
      return try TrainOptions.parse(arguments)
    } catch {
      throw UsageError(TrainOptions.message(for: error))
    }
  }
}
