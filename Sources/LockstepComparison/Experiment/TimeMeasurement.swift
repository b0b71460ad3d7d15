import LockstepBackends
import LockstepCore
import LockstepTraining

/// Measures how long a step of a training takes on several engines, in turn, over and over: what slows the
/// machine for a while slows all of them.
struct TimeMeasurement {
  /// More repetitions make the interval little narrower.
  static let mostRepetitions = 12
  /// Steps at the beginning that are not counted: they meet cold caches and fresh memory.
  private static let warmUpSteps = 3
  /// Steps of a repetition, its first one not counted.
  private static let repetitionSteps = 2...200

  private let task: TrainingTask
  private let workbench: Workbench
  private let deadline: Deadline
  private let seed: UInt64
  private var sessions: [Engine: TrainingSession] = [:]

  init(_ task: TrainingTask, seed: UInt64, on workbench: Workbench, until deadline: Deadline) {
    self.task = task
    self.seed = seed
    self.workbench = workbench
    self.deadline = deadline
  }

  /// Measures the engines, leaving out those that don't run.
  ///
  /// - Returns: for each engine that has any, the median step of each repetition.
  mutating func measure(_ engines: [Engine]) throws -> [Engine: TimeFactors.EngineTime] {
    let seconds = deadline.secondsLeft
    for engine in engines { try begin(engine) }
    let running = engines.filter { sessions[$0] != nil }
    let share = seconds / Double(max(1, running.count) * Self.mostRepetitions)
    var times: [Engine: [Double]] = [:]
    for repetition in 0..<Self.mostRepetitions where !deadline.hasPassed {
      // Back and forth, so that a drift favours none.
      let round = repetition.isMultiple(of: 2) ? running : running.reversed()
      for engine in round {
        if let time = try repeatSteps(on: engine, seconds: share) { times[engine, default: []].append(time) }
      }
    }
    return times.reduce(into: [:]) { result, entry in
      result[entry.key] = TimeFactors.EngineTime(
        engine: entry.key.name, stepSeconds: entry.value,
        startupSeconds: workbench.record(of: entry.key)?.startupSeconds)
    }
  }

  private mutating func begin(_ engine: Engine) throws {
    sessions[engine] = try workbench.attempt(engine) { device in
      let session = try TrainingSession(task, seed: seed, engine: engine.name, on: device)
      try session.compute(steps: Self.warmUpSteps, until: deadline)
      return session
    }
  }

  /// The median step of a repetition; nil if there was no time for one, or the engine is gone.
  private mutating func repeatSteps(on engine: Engine, seconds: Double) throws -> Double? {
    guard let session = sessions[engine] else { return nil }
    // A training that left the numbers has no more steps to measure: it begins anew.
    if session.curve.failure != nil { try begin(engine) }
    let before = session.stepCount
    let typical = session.curve.secondsPerStep
    let wanted = typical > 0 ? Int(min(seconds / typical, 1e6)) : 1
    let limits = Self.repetitionSteps
    try workbench.attempt(engine) { _ in
      try session.compute(
        steps: min(max(wanted, limits.lowerBound), limits.upperBound), until: deadline)
    }
    let steps = session.curve.stepSeconds.dropFirst(before).filter(\.isFinite)
    return steps.isEmpty ? nil : steps.median
  }
}
