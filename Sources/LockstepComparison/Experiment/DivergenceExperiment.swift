import LockstepCore
import LockstepData
import LockstepTraining

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Finds the learning rate at which a good part of the trainings fails, and trains many seeds there.
struct DivergenceExperiment {
  /// Steps of a training, or an epoch if that is more.
  private static let leastSteps = 60
  /// Trainings for each learning rate that is tried.
  private static let trialSize = 16
  /// The part of the time the search may take.
  private static let searchShare = 0.3
  /// Shares of failures that are near enough to a half: where fates hang in the balance.
  private static let target = 0.25...0.75
  /// Seeds that have other seeds' order and weights than those of the curves.
  private static let firstSeed: UInt64 = 1000
  /// No more seeds than this: the interval is then narrow enough for anyone.
  private static let mostSeeds = 1000

  private let task: TrainingTask
  private let workbench: Workbench
  private let deadline: Deadline
  private let report: (String) -> Void
  private let stepCount: Int
  private let lossLimit: Double

  init(
    _ task: TrainingTask, on workbench: Workbench, until deadline: Deadline,
    report: @escaping (String) -> Void
  ) {
    self.task = task
    self.workbench = workbench
    self.deadline = deadline
    self.report = report
    stepCount = max(Self.leastSteps, task.stepsPerEpoch)
    lossLimit = Self.lossOfGuessing(task)
  }

  /// Trains many seeds on each engine; the first engine is the one the learning rate is sought with, and the
  /// one the others are compared with.
  ///
  /// - Parameters:
  ///   - quick: engines that train all the seeds.
  ///   - slow: translated engines with the quick one that has their kernels, if it is there: these train as
  ///     many of the seeds as there is time for.
  /// - Returns: nil if there was not time enough to find the learning rate and train a seed.
  func run(quick: [Engine], slow: [(engine: Engine, control: Engine?)]) throws -> Divergence? {
    guard let first = quick.first else { return nil }
    var search = LearningRateSearch(target: Self.target)
    let searchEnd = deadline.within(deadline.secondsLeft * Self.searchShare)
    try seek(&search, on: first, until: searchEnd)
    guard let learningRate = search.best, !deadline.hasPassed else { return nil }

    var outcomes: [Engine: [DivergenceOutcome]] = [:]
    let share = deadline.secondsLeft * 0.4 / Double(max(1, slow.count))
    for (engine, _) in slow {
      try train([engine], learningRate, &outcomes, until: deadline.within(share))
    }
    try train(quick, learningRate, &outcomes, until: deadline)
    return summarize(search.trials, learningRate, quick, slow, outcomes)
  }

  private func seek(_ search: inout LearningRateSearch, on engine: Engine, until deadline: Deadline) throws {
    while let rate = search.next(after: task.configuration.learningRate), !deadline.hasPassed {
      var (failed, count) = (0, 0)
      for index in 0..<Self.trialSize {
        // A rate that none of half the seeds survives, or all do, is not the one.
        if index == Self.trialSize / 2, failed == 0 || failed == index { break }
        // Seeds of the search are not those of the comparison, whose share would otherwise be picked.
        let seed = UInt64(Self.mostSeeds * 2 + index) + Self.firstSeed
        guard let outcome = try outcome(engine, seed, rate, until: deadline) else { return }
        if outcome.hasFailed { failed += 1 }
        count += 1
      }
      search.note(.init(learningRate: rate, count: count, failedCount: failed))
      report("learning rate \(NumberFormat.significant(rate)): \(failed) of \(count) seeds fail")
    }
  }

  private func train(
    _ engines: [Engine], _ rate: Double, _ outcomes: inout [Engine: [DivergenceOutcome]],
    until deadline: Deadline
  ) throws {
    // Seed by seed, so that whenever it ends each engine has trained the same ones.
    for index in 0..<Self.mostSeeds {
      var row: [(Engine, DivergenceOutcome)] = []
      for engine in engines where workbench.runs(engine) {
        let seed = Self.firstSeed + UInt64(index)
        guard let outcome = try outcome(engine, seed, rate, until: deadline) else {
          if deadline.hasPassed { return }
          continue
        }
        row.append((engine, outcome))
      }
      guard !row.isEmpty else { return }
      for (engine, outcome) in row { outcomes[engine, default: []].append(outcome) }
      report("seed \(index + 1) on \(engines.map(\.name).joined(separator: ", "))")
    }
  }

  /// What becomes of a training; nil if there was no time to see it through.
  private func outcome(
    _ engine: Engine, _ seed: UInt64, _ rate: Double, until deadline: Deadline
  ) throws -> DivergenceOutcome? {
    let curve = try workbench.attempt(engine) { device in
      let session = try TrainingSession(
        task, seed: seed, engine: engine.name, on: device, learningRate: rate)
      try session.compute(steps: stepCount, until: deadline)
      return session.curve
    }
    guard let curve, curve.failure != nil || curve.losses.count == stepCount else { return nil }
    let last = curve.losses.suffix(max(1, stepCount / 10)).map(Double.init)
    return DivergenceOutcome(
      seed: seed, hasFailed: curve.failure != nil || last.mean > lossLimit,
      digest: "\(SHA256Digest(of: curve.losses.flatMap { Array("\($0.bitPattern) ".utf8) }))")
  }

  private func summarize(
    _ trials: [Divergence.Trial], _ rate: Double, _ quick: [Engine],
    _ slow: [(engine: Engine, control: Engine?)], _ outcomes: [Engine: [DivergenceOutcome]]
  ) -> Divergence? {
    let engines = (quick + slow.map(\.engine)).filter { outcomes[$0]?.isEmpty == false }
    guard let first = engines.first else { return nil }
    func pair(_ first: Engine, _ second: Engine) -> Divergence.Pair? {
      Divergence.Pair((first.name, outcomes[first] ?? []), (second.name, outcomes[second] ?? []))
    }
    let withControl = slow.compactMap { entry in entry.control.flatMap { pair($0, entry.engine) } }
    return Divergence(
      trials: trials, learningRate: rate, stepCount: stepCount, lossLimit: lossLimit,
      fates: engines.map {
        Divergence.Fates($0.name, isTranslated: $0.isTranslated, outcomes[$0] ?? [])
      },
      pairs: engines.dropFirst().compactMap { pair(first, $0) } + withControl)
  }

  /// The loss of always answering with the classes' shares: what a training that learned anything is below.
  private static func lossOfGuessing(_ task: TrainingTask) -> Double {
    let classes = task.train.classNames.count
    let smoothing = task.configuration.labelSmoothing
    var counts = Array(repeating: 0, count: classes)
    for label in task.train.labels { counts[Int(label)] += 1 }
    let shares = counts.map {
      (1 - smoothing) * Double($0) / Double(max(1, task.train.count)) + smoothing / Double(classes)
    }
    // A little below, since a batch's shares are not the whole's.
    return 0.95 * shares.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
  }
}
