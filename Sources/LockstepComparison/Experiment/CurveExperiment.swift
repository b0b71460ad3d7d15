import LockstepCore
import LockstepTraining

/// Trainings of several seeds on several engines.
struct CurveExperiment {
  /// An engine, and what is wanted of it.
  struct Request {
    let engine: Engine
    /// The name of its trainings.
    let name: String
    /// Whether a whole training is wanted; else as many steps as show how curves part.
    let isWhole: Bool
    /// How urgent its steps are where there is not time for all.
    let weight: Double
  }

  /// Steps to learn an engine's speed from.
  private static let pilotSteps = 4
  /// The part of the time that is planned with: speeds change.
  private static let margin = 0.85
  /// Steps of trainings that only show how curves part: chaos has taken over long before.
  private static let partingSteps = 200

  let task: TrainingTask
  let seeds: [UInt64]
  let workbench: Workbench
  let deadline: Deadline
  /// Is told which training is under way.
  let report: (String) -> Void

  /// An engine's trainings under way.
  private struct Arm {
    let request: Request
    var sessions: [TrainingSession]
    var steps = 0
    var secondsPerStep: Double { sessions[0].curve.secondsPerStep }
    /// Without a measured step it is not known, and taken to be short.
    var plannedSeconds: Double {
      secondsPerStep.isFinite ? secondsPerStep * Double(steps * sessions.count) : 0.1
    }
  }

  /// Trains each seed on each engine: as many steps as are wanted where that is quick, as many as there is
  /// time for elsewhere. The slowest engine begins, and where it ends the others note their weights, too.
  func run(_ requests: [Request]) throws -> [EngineCurves] {
    var arms = try requests.compactMap(begin)
    let steps = StepPlan.divide(
      arms.map(demand), seconds: deadline.secondsLeft * Self.margin, first: GrowthTest.defaultWindow)
    for index in arms.indices { arms[index].steps = steps[index] }
    arms.sort { $0.secondsPerStep > $1.secondsPerStep }
    var marks = seeds.map { _ in Set<Int>() }
    for (place, arm) in arms.enumerated() {
      // What is slower than planned must leave the others their part, and may have what they don't need.
      let others = arms[(place + 1)...].reduce(0) { $0 + $1.plannedSeconds }
      let left = deadline.secondsLeft
      let fair = left * arm.plannedSeconds / max(arm.plannedSeconds + others, .leastNormalMagnitude)
      let share = deadline.within(max(fair, left - 2 * others))
      for (index, session) in arm.sessions.enumerated() {
        report("\(arm.request.name), seed \(seeds[index]), \(arm.steps) steps")
        try train(arm.request.engine, session, steps: arm.steps, marks: marks[index], until: share)
        marks[index].insert(session.stepCount)
      }
    }
    return requests.compactMap { request in
      arms.first { $0.request.name == request.name }.map { arm in
        EngineCurves(
          engine: request.name, plannedSteps: arm.steps, wantedSteps: wantedSteps(request),
          curves: arm.sessions.map(\.curve))
      }
    }
  }

  private func wantedSteps(_ request: Request) -> Int {
    request.isWhole ? task.stepCount : min(task.stepCount, Self.partingSteps)
  }

  private func demand(_ arm: Arm) -> StepPlan.Demand {
    StepPlan.Demand(
      secondsPerStep: arm.secondsPerStep * Double(seeds.count), steps: wantedSteps(arm.request),
      weight: arm.request.weight)
  }

  private func begin(_ request: Request) throws -> Arm? {
    try workbench.attempt(request.engine) { device in
      let sessions = try seeds.map {
        try TrainingSession(task, seed: $0, engine: request.name, on: device)
      }
      try sessions[0].compute(steps: Self.pilotSteps, until: deadline)
      return Arm(request: request, sessions: sessions)
    }
  }

  private func train(
    _ engine: Engine, _ session: TrainingSession, steps: Int, marks: Set<Int>, until deadline: Deadline
  ) throws {
    try workbench.attempt(engine) { _ in
      for mark in marks.filter({ $0 < steps }).union([steps]).sorted() {
        try session.compute(steps: mark - session.stepCount, until: deadline)
        try session.noteWeights()
        guard session.stepCount == mark else { break }
      }
    }
  }
}
