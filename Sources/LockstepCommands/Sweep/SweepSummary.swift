import Lockstep
import LockstepCore
import LockstepReports
import LockstepTraining

/// What came of a sweep: each combination of settings over its seeds.
struct SweepSummary {
  /// A number over the seeds.
  struct Spread: Encodable {
    let mean: Double
    /// Of a sample (divisor n − 1); nil of a single run.
    let standardDeviation: Double?
    let minimum: Double
    let maximum: Double

    /// Nil of nothing.
    init?(_ values: [Double]) {
      guard let minimum = values.min(), let maximum = values.max() else { return nil }
      (self.minimum, self.maximum) = (minimum, maximum)
      let mean = values.reduce(0, +) / Double(values.count)
      self.mean = mean
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      standardDeviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
    }

    fileprivate func text(_ digits: Int) -> String {
      NumberFormat.fixed(mean, digits)
        + (standardDeviation.map { " ± \(NumberFormat.fixed($0, digits))" } ?? "")
    }
  }

  /// A combination of settings.
  struct Group: Encodable {
    let settings: [String: String]
    let finishedCount: Int
    let failedCount: Int
    let missingCount: Int
    let testAccuracy: Spread?
    let testLoss: Spread?
    let trainLoss: Spread?
    let secondsPerEpoch: Spread?
    var isBest = false

    fileprivate let values: [String]
  }

  /// A run.
  struct Run: Encodable {
    let folder: String
    let settings: [String: String]
    let seed: UInt64
    let status: String
    let result: RunRecord.Result?
    let secondsPerEpoch: Double?
    let failure: String?
  }

  /// What `--json` prints.
  struct Document: Encodable {
    let folder: String
    let isFinished: Bool
    let groups: [Group]
    let runs: [Run]
  }

  private let plan: SweepPlan
  /// The summary for programs.
  let document: Document

  init(_ folder: SweepFolder, _ outcomes: [SweepOutcome]) {
    let plan = folder.plan
    self.plan = plan
    let names = plan.settings.map(\.name)
    var groups = plan.combinations.map { values in
      Group(values, names, outcomes.filter { $0.run.values == values })
    }
    if let best = Self.best(groups), groups.count > 1 { groups[best].isBest = true }
    document = Document(
      folder: folder.path,
      isFinished: outcomes.allSatisfy { $0.status == .finished || $0.status == .failed }, groups: groups,
      runs: outcomes.map { Run($0, names) })
  }

  /// The highest mean accuracy, of equals the lowest loss; one with failed runs is not best.
  private static func best(_ groups: [Group]) -> Int? {
    let sound = groups.indices.filter { groups[$0].testAccuracy != nil && groups[$0].failedCount == 0 }
    func rank(_ index: Int) -> (Double, Double) {
      (groups[index].testAccuracy?.mean ?? 0, -(groups[index].testLoss?.mean ?? .infinity))
    }
    return sound.max { rank($0) < rank($1) }
  }

  /// Writes `summary.json`, and `runs.csv`, a row a run.
  func write(to folder: SweepFolder) throws {
    try OutputFile.write(JSON.encode(document), to: "\(folder.path)/summary.json")
    try OutputFile.write(csv, to: "\(folder.path)/runs.csv")
  }

  /// A row a run.
  private var csv: String {
    let names = plan.settings.map(\.name)
    let heading =
      names + ["seed", "status", "test_accuracy", "test_loss", "train_loss", "seconds_per_epoch", "folder"]
    let rows = document.runs.map { run in
      let numbers = [
        run.result?.testAccuracy, run.result?.testLoss, run.result?.trainLoss, run.secondsPerEpoch,
      ]
      return names.map { run.settings[$0] ?? "" } + ["\(run.seed)", run.status]
        + numbers.map { $0.map { "\($0)" } ?? "" } + [run.folder]
    }
    return ([heading] + rows).map { $0.map(Self.quoted).joined(separator: ",") }.joined(separator: "\n")
  }

  /// A field of a CSV file, RFC 4180.
  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\n".contains($0) }) else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// A row a combination.
  func text(on terminal: Terminal) -> String {
    let hasFailures = document.groups.contains { $0.failedCount > 0 }
    var columns = plan.settings.map { Table.Column($0.name) }
    columns += [.number("runs")] + (hasFailures ? [.number("failed")] : [])
    columns += [.number("test accuracy"), .number("test loss"), .number("s/epoch"), ""]
    let rows = document.groups.map { group in
      let tone: Report.Tone = group.isBest ? .good : .neutral
      func cell(_ text: String) -> Table.Cell { Table.Cell(text, tone: tone) }
      let counts = ["\(group.finishedCount)"] + (hasFailures ? ["\(group.failedCount)"] : [])
      let numbers = [
        group.testAccuracy?.text(4), group.testLoss?.text(4),
        group.secondsPerEpoch.map { NumberFormat.significant($0.mean) },
      ]
      return (group.values + counts + numbers.map { $0 ?? "–" } + [group.isBest ? "best" : ""]).map(cell)
    }
    let seeds = plan.seeds.count
    let caption =
      seeds > 1
      ? "Mean ± standard deviation over \(seeds) seeds" : "What came of it, with seed \(plan.seeds[0])"
    return Table(caption, columns: columns, rows: rows)
      .text(width: terminal.tableWidth, style: terminal.textStyle)
  }
}

extension SweepSummary.Group {
  fileprivate init(_ values: [String], _ names: [String], _ outcomes: [SweepOutcome]) {
    let finished = outcomes.filter { $0.status == .finished }.compactMap(\.record)
    settings = Dictionary(uniqueKeysWithValues: zip(names, values))
    self.values = values
    finishedCount = finished.count
    failedCount = outcomes.count { $0.status == .failed }
    missingCount = outcomes.count - finishedCount - failedCount
    let results = finished.compactMap(\.result)
    testAccuracy = .init(results.map(\.testAccuracy))
    testLoss = .init(results.map(\.testLoss))
    trainLoss = .init(results.map(\.trainLoss))
    secondsPerEpoch = .init(finished.compactMap { $0.timing?.secondsPerEpoch })
  }

  private enum CodingKeys: CodingKey {
    case settings, finishedCount, failedCount, missingCount, testAccuracy, testLoss, trainLoss,
      secondsPerEpoch
    case isBest
  }
}

extension SweepSummary.Run {
  fileprivate init(_ outcome: SweepOutcome, _ names: [String]) {
    folder = outcome.folder.path
    settings = Dictionary(uniqueKeysWithValues: zip(names, outcome.run.values))
    seed = outcome.run.seed
    status = outcome.record == nil ? "missing" : outcome.status.rawValue
    result = outcome.record?.result
    secondsPerEpoch = outcome.record?.timing?.secondsPerEpoch
    failure = outcome.record?.failure
  }
}
