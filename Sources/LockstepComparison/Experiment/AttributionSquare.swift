import LockstepBackends
import LockstepTraining

/// Which factor changes what: one training in four cells, {untranslated, translated} × {kernels A, kernels B}.
///
/// Along one edge only the translator changes, along the other only the kernels; bits and times are then
/// ascribed to the edge along which they change.
public struct AttributionSquare: Codable, Hashable, Sendable {
  /// A training in a cell.
  public struct Cell: Codable, Hashable, Sendable {
    /// The CPU profile, which stands for its kernels.
    public var profile: String
    /// Whether it is translated.
    public var isTranslated: Bool
    /// What computed it.
    public var curve: TrainingCurve
  }

  /// What changes from one cell to its neighbour.
  public struct Edge: Codable, Hashable, Sendable {
    /// The engine at one end.
    public var from: String
    /// The engine at the other end.
    public var to: String
    /// Steps that both computed.
    public var stepCount: Int
    /// Whether all their losses have the same bits.
    public var hasSameLosses: Bool
    /// Whether the weights after those steps have the same bits; nil if not noted.
    public var hasSameWeights: Bool?
    /// The first step, from 0, whose losses differ.
    public var firstDifference: Int?
    /// How many times as long a step takes at the other end.
    public var timeRatio: Double

    /// Whether nothing that was looked at differs, and there was something.
    public var hasSameBits: Bool { stepCount > 0 && hasSameLosses && hasSameWeights != false }
  }

  /// The cells that were computed.
  public var cells: [Cell]
  /// The translator.
  public var translator: String
  /// Edges along which only the translator changes, one for each profile.
  public var translation: [Edge]
  /// Edges along which only the kernels change, untranslated and translated.
  public var kernels: [Edge]
}

extension AttributionSquare {
  /// Puts the edges between the cells that are there.
  init(_ cells: [Cell], translator: String, profiles: (String, String)) {
    func cell(_ profile: String, _ isTranslated: Bool) -> Cell? {
      cells.first { $0.profile == profile && $0.isTranslated == isTranslated }
    }
    func edge(_ before: Cell?, _ after: Cell?) -> Edge? {
      guard let before, let after else { return nil }
      return Edge(before.curve, after.curve)
    }
    self.cells = cells
    self.translator = translator
    translation = [profiles.0, profiles.1].compactMap { edge(cell($0, false), cell($0, true)) }
    kernels = [false, true].compactMap { edge(cell(profiles.0, $0), cell(profiles.1, $0)) }
  }
}

extension AttributionSquare.Edge {
  /// Compares two trainings.
  init(_ before: TrainingCurve, _ after: TrainingCurve) {
    from = before.engine
    to = after.engine
    stepCount = min(before.losses.count, after.losses.count)
    firstDifference = before.firstDifference(from: after)
    hasSameLosses = firstDifference == nil
    hasSameWeights = before.lastCommonWeights(after).map { $0 == $1 }
    timeRatio = after.secondsPerStep / before.secondsPerStep
  }
}

extension TrainingCurve {
  /// The digests after the last step at which both trainings noted them.
  func lastCommonWeights(_ other: TrainingCurve) -> (String, String)? {
    for own in weights.reversed() {
      if let digest = other.digest(at: own.step) { return (own.digest, digest) }
    }
    return nil
  }
}

/// Computes an ``AttributionSquare``.
struct SquareExperiment {
  /// More steps make the answer no clearer: what differs, differs after a few.
  private static let mostSteps = 64
  /// Weights are noted after these steps, so that two trainings that were cut at different steps have some in
  /// common.
  private static let marks = [1, 2, 4, 8, 16, 32, 64]

  let task: TrainingTask
  let seed: UInt64
  let workbench: Workbench
  let deadline: Deadline

  /// Trains in all four cells, the slow ones first: the others then do as many steps.
  func run(_ translator: Translator, _ first: CPUProfile, _ second: CPUProfile) throws -> AttributionSquare {
    let seconds = deadline.secondsLeft
    var cells: [AttributionSquare.Cell] = []
    for translator in [translator, .none] {
      for profile in [first, second] {
        // A quarter is kept for the two that are not translated.
        let share = translator == .none ? seconds : seconds * 0.375
        let engine = Engine.worker(translator, profile)
        let steps = cells.map(\.curve.losses.count).max() ?? Self.mostSteps
        guard let curve = try train(engine, steps: max(1, steps), until: deadline.within(share)) else {
          continue
        }
        cells.append(.init(profile: profile.name, isTranslated: engine.isTranslated, curve: curve))
      }
    }
    return AttributionSquare(cells, translator: translator.name, profiles: (first.name, second.name))
  }

  private func train(_ engine: Engine, steps: Int, until deadline: Deadline) throws -> TrainingCurve? {
    try workbench.attempt(engine) { device in
      let session = try TrainingSession(task, seed: seed, engine: engine.name, on: device)
      for mark in Self.marks.filter({ $0 < steps }) + [steps] {
        try session.compute(steps: mark - session.stepCount, until: deadline)
        try session.noteWeights()
        guard session.stepCount == mark else { break }
      }
      return session.curve
    }
  }
}
