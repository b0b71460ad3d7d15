import LockstepCore
import LockstepTraining

extension FlipTrail {
  /// Reads a search's report.
  init(_ report: DifferenceReport) {
    let differences = report.steps.map { step in
      step.loss.map { LossDifference.relative($0.first, $0.second) } ?? 0
    }
    seed = report.seed
    stepCount = report.steps.count
    flip = report.firstFlip.map { "\($0.kind.rawValue), \($0.place)" }
    let first = report.firstFlip.map { $0.place.step - 1 } ?? differences.count
    before = differences.prefix(first).max() ?? 0
    after = report.firstFlip.map { _ in differences.dropFirst(first).prefix(Self.window + 1).max() ?? 0 }
  }

  /// Trains on two engines in lockstep until a unit has flipped and its consequences are seen.
  ///
  /// - Returns: nil if an engine does not run, or there was no time for a step.
  static func follow(
    _ task: TrainingTask, seed: UInt64, _ first: Engine, _ second: Engine, steps: Int,
    on workbench: Workbench, until deadline: Deadline
  ) throws -> FlipTrail? {
    guard let other = workbench.device(for: second) else { return nil }
    let report = try workbench.attempt(first) { device in
      var stepsSinceFlip = 0
      let search = DifferenceSearch(task, seed: seed, stepCount: steps, judgedStepCount: 1)
      return try search.run(
        device.backend, other.backend,
        progress: { if $0.firstFlip != nil { stepsSinceFlip += 1 } },
        shouldStop: { stepsSinceFlip > window || deadline.hasPassed })
    }
    guard let report, !report.steps.isEmpty else { return nil }
    return FlipTrail(report)
  }
}
