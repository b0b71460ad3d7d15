import LockstepComparison
public import LockstepCore

/// Runs a suite on a backend: for each number of threads what the machine can do, then every benchmark in turn,
/// in several rounds, so that what disturbs the machine for a while disturbs all a little.
public struct BenchmarkRun {
  /// How a suite is run.
  public struct Settings: Sendable {
    /// Seconds that all may take together.
    public var budget: Double
    /// How often every benchmark is measured; its samples are put together.
    public var rounds: Int
    /// A single measurement takes at most so many seconds, however large the budget is.
    public var longestMeasurement = 3.0

    /// Creates settings.
    public init(budget: Double, rounds: Int = 3) {
      self.budget = budget
      self.rounds = rounds
    }
  }

  /// The share of the budget that is spent on finding out what the machine can do.
  private static let peakShare = 0.12

  private let suite: BenchmarkSuite
  private let settings: Settings
  private let makeDevice: (Int?) throws -> Device
  private let firstCall: ((String, Int) throws -> Double)?

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - makeDevice: starts the backend with a number of threads; nil for all processors.
  ///   - firstCall: runs ``BenchmarkSuite/firstCallSeconds(of:on:)`` for a name and a number of threads in a
  ///     process of its own.
  public init(
    _ suite: BenchmarkSuite, _ settings: Settings, makeDevice: @escaping (Int?) throws -> Device,
    firstCall: ((String, Int) throws -> Double)? = nil
  ) {
    self.suite = suite
    self.settings = settings
    self.makeDevice = makeDevice
    self.firstCall = firstCall
  }

  /// Measures.
  ///
  /// - Parameters:
  ///   - threads: the numbers of threads, one after the other; a nil is all processors.
  ///   - isInterrupted: whether the user asked to stop.
  ///   - report: is told what is being done.
  public func run(
    threads: [Int?], isInterrupted: @escaping @Sendable () -> Bool = { false },
    report: (String) -> Void = { _ in }
  ) throws -> BenchmarkRecord {
    var record = BenchmarkRecord(suite: suite.name)
    let deadline = Deadline(in: settings.budget, isInterrupted: isInterrupted)
    for (index, count) in threads.enumerated() {
      let share = deadline.secondsLeft / Double(threads.count - index)
      let device = try makeDevice(count)
      record.backends.append(device.backend.descriptor)
      report("what the machine can do")
      let peak = try PeakMeasurement(
        device: device, seconds: Self.peakShare / 2 * share, deadline: deadline
      ).measure()
      record.peaks.append(peak)
      var measurement = Measurement(suite, settings, device, peak, deadline: deadline.within(share))
      measurement.firstCall = firstCall.map { run in { try run($0, peak.threads) } }
      try measurement.run(into: &record, report)
    }
    return record
  }
}

/// A suite on one device.
private struct Measurement {
  private let suite: BenchmarkSuite
  private let settings: BenchmarkRun.Settings
  private let device: Device
  private let peak: MachinePeak
  private let deadline: Deadline
  var firstCall: ((String) throws -> Double)?
  private var outcomes: [String: BenchmarkSubject.Outcome] = [:]
  private var reasons: [String: String] = [:]

  init(
    _ suite: BenchmarkSuite, _ settings: BenchmarkRun.Settings, _ device: Device, _ peak: MachinePeak,
    deadline: Deadline
  ) {
    (self.suite, self.settings, self.device, self.peak) = (suite, settings, device, peak)
    self.deadline = deadline
  }

  mutating func run(into record: inout BenchmarkRecord, _ report: (String) -> Void) throws {
    let total = settings.rounds * suite.subjects.count
    for round in 0..<settings.rounds {
      for (index, subject) in suite.subjects.enumerated() where reasons[subject.name] == nil {
        guard !deadline.hasPassed else { break }
        let done = round * suite.subjects.count + index
        report("\(subject.name) (\(done + 1) of \(total))")
        try measure(subject, share: deadline.secondsLeft / Double(total - done))
      }
    }
    for subject in suite.subjects { add(subject, to: &record) }
  }

  private mutating func measure(_ subject: BenchmarkSubject, share: Double) throws {
    let plan = SamplePlan(
      seconds: min(share, settings.longestMeasurement), rounds: settings.rounds)
    let bench = BenchmarkSubject.Bench(
      device: device, sampler: Sampler(plan: plan, deadline: deadline), peak: peak, firstCall: firstCall)
    do {
      let outcome = try subject.measure(bench)
      if outcomes[subject.name] == nil {
        outcomes[subject.name] = outcome
      } else {
        outcomes[subject.name]?.samples.append(outcome.samples)
      }
    } catch let problem as NotMeasured {
      reasons[subject.name] = problem.reason
    }
  }

  private func add(_ subject: BenchmarkSubject, to record: inout BenchmarkRecord) {
    guard let outcome = outcomes[subject.name], !outcome.samples.seconds.isEmpty else {
      let reason =
        reasons[subject.name] ?? (deadline.wasInterrupted ? "stopped before" : "there was no time left")
      record.omissions.append(Omission(subject.name, reason: reason))
      return
    }
    let median = SampleSummary(outcome.samples.seconds).median
    record.benchmarks.append(
      Benchmark(
        suite: suite.name, name: subject.name, threads: peak.threads, samples: outcome.samples,
        figures: outcome.figures.with(median: median, peak, dtype: subject.dtype)))
  }
}
