public import LockstepComparison
import LockstepCore

/// Benchmarks held against those of an earlier run.
public struct BenchmarkComparison: Codable, Hashable, Sendable {
  /// What became of a benchmark.
  public enum Verdict: String, Codable, Sendable {
    /// The interval is below 1, and the ratio by more than the margin.
    case faster
    /// The interval is above 1, and the ratio by more than the margin.
    case slower
    /// Neither can be said.
    case noDifferenceSeen
  }

  /// A benchmark that is in both runs.
  public struct Row: Codable, Hashable, Sendable {
    /// Its ``Benchmark/id``.
    public var id: String
    /// The earlier median, in seconds.
    public var old: Double
    /// The later median, in seconds.
    public var new: Double
    /// The later time over the earlier one, with its interval.
    public var ratio: MedianRatio
    /// What is said of it.
    public var verdict: Verdict
  }

  /// How much two runs of one program may differ for reasons that are in none of their samples, such as where
  /// the memory happens to lie. Less is never called a difference.
  public static let standardMargin = 0.03

  /// The benchmarks of both runs, in the order of the later one.
  public var rows: [Row]
  /// What the earlier run alone has.
  public var onlyOld: [String]
  /// What the later run alone has.
  public var onlyNew: [String]
  /// What else differs between the runs and may be the reason, a line each.
  public var notes: [String]

  /// Compares two runs of a suite.
  public init(
    of new: BenchmarkRecord, with old: BenchmarkRecord, margin: Double = BenchmarkComparison.standardMargin
  ) {
    let before = Dictionary(old.benchmarks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    rows = new.benchmarks.compactMap { benchmark in
      guard let earlier = before[benchmark.id],
        let ratio = MedianRatio(of: benchmark.samples.seconds, to: earlier.samples.seconds)
      else { return nil }
      return Row(
        id: benchmark.id, old: earlier.summary.median, new: benchmark.summary.median, ratio: ratio,
        verdict: Self.verdict(ratio, margin: margin))
    }
    let compared = Set(rows.map(\.id))
    onlyOld = old.benchmarks.map(\.id).filter { !compared.contains($0) }
    onlyNew = new.benchmarks.map(\.id).filter { !compared.contains($0) }
    notes = Self.notes(old, new)
  }

  /// The verdicts that were given, each with how often.
  public func count(_ verdict: Verdict) -> Int { rows.count { $0.verdict == verdict } }

  private static func verdict(_ ratio: MedianRatio, margin: Double) -> Verdict {
    guard let interval = ratio.interval else { return .noDifferenceSeen }
    if interval.upperBound < 1, ratio.ratio < 1 / (1 + margin) { return .faster }
    if interval.lowerBound > 1, ratio.ratio > 1 + margin { return .slower }
    return .noDifferenceSeen
  }

  private static func notes(_ old: BenchmarkRecord, _ new: BenchmarkRecord) -> [String] {
    var notes: [String] = []
    func compare(_ what: String, _ old: String, _ new: String) {
      if old != new { notes.append("\(what): \(old), now \(new)") }
    }
    compare("CPU", old.machine.cpu, new.machine.cpu)
    compare("system", old.machine.system, new.machine.system)
    compare("Lockstep", old.lockstepVersion, new.lockstepVersion)
    compare("build", old.isDebugBuild ? "debug" : "release", new.isDebugBuild ? "debug" : "release")
    if let (before, after) = old.backends.first.flatMap({ first in new.backends.first.map { (first, $0) } }) {
      compare("backend", before.name, after.name)
      compare("kernels", before.isaLevel, after.isaLevel)
      compare("OpenBLAS", before.blasCore, after.blasCore)
      compare("translator", before.translator, after.translator)
    }
    return notes + [loadNote(old.machine, new.machine)].compactMap(\.self)
  }

  /// More processes than so many for each processor are others' than ours.
  private static let quietLoad = 0.25

  /// What others did is in no interval: it may have been more of it in one of the runs.
  private static func loadNote(_ old: MachineDescription, _ new: MachineDescription) -> String? {
    guard let before = old.loadAverage, let now = new.loadAverage,
      before > quietLoad * Double(old.processors) || now > quietLoad * Double(new.processors)
    else { return nil }
    return "something else was running: load \(NumberFormat.fixed(before, 2)) before the earlier run, "
      + "\(NumberFormat.fixed(now, 2)) before this one; a difference may be its doing"
  }
}
