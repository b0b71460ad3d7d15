import LockstepCore
import LockstepTraining

/// What becomes of the loss when, for the first time, a unit decides otherwise with other kernels.
public struct FlipTrail: Codable, Hashable, Sendable {
  /// Steps after a flip within which the difference is expected to jump.
  package static let window = 15

  /// The seed.
  public var seed: UInt64
  /// Steps that were computed.
  public var stepCount: Int
  /// The first flip; nil if there was none in these steps.
  public var flip: Flip?
  /// The largest |Δ ln loss| of the steps before the flip's, or of all if there was none.
  public var before: Double
  /// The largest from the flip's step on, within fifteen steps; nil without a flip.
  public var after: Double?
}

extension FlipTrail {
  /// Reads a search's report.
  init(_ report: DifferenceReport) {
    let differences = report.steps.map { step in
      step.loss.map { LossDifference.relative($0.first, $0.second) } ?? 0
    }
    seed = report.seed
    stepCount = report.steps.count
    flip = report.firstFlip
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
