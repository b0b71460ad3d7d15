import Lockstep
import LockstepBenchmark
import LockstepData

/// What is to be measured, all known and fitting each other, before anything is.
struct BenchPlan {
  /// The suites' names.
  enum Suite: String, CaseIterable {
    case ops, train, seeds
  }

  private static let standardBatchSizes = [1, 64, 128]
  private static let growingBatchSizes = [1, 4, 16, 64, 256, 1024]
  private static let batchSizeLimit = 1 << 20
  private static let roundLimit = 1...1000

  let suite: BenchmarkSuite
  /// A backend for each number of threads.
  let selections: [BackendSelection]
  let settings: BenchmarkRun.Settings
  /// The run to compare with.
  let earlier: BenchmarkRecord?
  let margin: Double

  init(_ options: BenchOptions) throws {
    guard let kind = Suite(rawValue: options.suite) else {
      let known = Suite.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("there is no suite '\(options.suite)'; the suites are \(known)")
    }
    selections = try Self.threads(options).map { threads in
      try BackendSelection(
        backend: options.backend, threads: threads, translator: options.translator,
        cpuProfile: options.cpuProfile)
    }
    guard Self.roundLimit.contains(options.rounds) else {
      throw UsageError("--rounds must be between 1 and \(Self.roundLimit.upperBound), not \(options.rounds)")
    }
    guard options.margin >= 0, options.margin.isFinite else {
      throw UsageError("--margin must be a number of percent, at least 0, not \(options.margin)")
    }
    margin = options.margin / 100
    settings = BenchmarkRun.Settings(
      budget: try TimeBudget(options.budget).seconds, rounds: options.rounds)
    suite = try Self.filtered(try Self.suite(kind, options), options.filter)
    if let output = options.output { try OutputFile.check(output) }
    earlier = try options.compare.map { try Self.earlier($0, suite: kind) }
  }

  private static func suite(_ kind: Suite, _ options: BenchOptions) throws -> BenchmarkSuite {
    guard kind == .train else {
      let given: [(String, Bool)] = [
        ("--model", options.model != nil), ("--image", options.image != nil),
        ("--batch-size", options.batchSize != nil), ("--growth", options.growth),
      ]
      if let (name, _) = given.first(where: \.1) { throw UsageError("\(name) goes with bench train") }
      return kind == .ops ? .operations : .examples
    }
    if options.growth, options.batchSize != nil {
      throw UsageError("--growth chooses the batch sizes itself; leave out one of --growth and --batch-size")
    }
    let sizes = try options.batchSize.map {
      try numbers($0, option: "--batch-size", in: 1...batchSizeLimit)
    }
    return .training(
      try BenchModels.workloads(options),
      batchSizes: sizes ?? (options.growth ? growingBatchSizes : standardBatchSizes),
      isGrowth: options.growth)
  }

  private static func filtered(_ suite: BenchmarkSuite, _ filter: String?) throws -> BenchmarkSuite {
    guard let filter else { return suite }
    let filtered = suite.filtered(by: filter)
    guard !filtered.names.isEmpty else {
      throw UsageError(
        "no benchmark of \(suite.name) has '\(filter)' in its name; there are "
          + suite.names.joined(separator: ", "))
    }
    return filtered
  }

  private static func threads(_ options: BenchOptions) throws -> [Int?] {
    guard let text = options.threads else { return [nil] }
    return try numbers(text, option: "--threads", in: 1...1024)
  }

  /// Whole numbers with commas between, each once.
  private static func numbers(_ text: String, option: String, in range: ClosedRange<Int>) throws -> [Int] {
    var result: [Int] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Int(word), range.contains(number) else {
        throw UsageError(
          "\(option) takes numbers from \(range.lowerBound) to \(range.upperBound) with commas between, not '\(text)'"
        )
      }
      if !result.contains(number) { result.append(number) }
    }
    return result
  }

  private static func earlier(_ path: String, suite: Suite) throws -> BenchmarkRecord {
    let record = try BenchmarkRecord(contentsOf: path)
    guard record.suite == suite.rawValue else {
      throw UsageError(
        "\(path) is a run of bench \(record.suite), which can't be compared with \(suite.rawValue)")
    }
    return record
  }
}

/// A file that a command is to write.
enum OutputFile {
  /// Finds out what can be found out before the work is done.
  static func check(_ path: String) throws {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard Folder.isFolder(folder) else {
      throw CommandFailure("\(path) can't be written: there is no folder \(folder)")
    }
    if Folder.isFolder(path) { throw CommandFailure("\(path) can't be written: it is a folder") }
  }

  /// Writes all of it or, on failure, nothing.
  static func write(_ text: String, to path: String) throws {
    try write(Array((text + "\n").utf8), to: path)
  }

  /// Writes all of it or, on failure, nothing.
  static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw CommandFailure("\(path) can't be written: \(error)")
    }
  }
}
