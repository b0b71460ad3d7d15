import LockstepTraining

/// How a rounding grows into another training, and whether it takes a decision to: a ReLU that is on with one
/// set of kernels and off with another, a pool that takes another of its inputs.
///
/// The model is trained as it is, and with smooth functions in the place of those that decide. If decisions make
/// the difference, the smooth model's curves stay together for longer.
public struct Chaos: Codable, Hashable, Sendable {
  /// A seed, trained with two sets of kernels.
  public struct Growth: Codable, Hashable, Sendable {
    /// The seed.
    public var seed: UInt64
    /// |ln L_A − ln L_B| at each step.
    public var differences: [Double]

    /// The largest difference of all steps; 0 without steps.
    public var largest: Double { differences.max() ?? 0 }
  }

  /// A model, trained with two sets of kernels.
  public struct Variant: Codable, Hashable, Sendable {
    /// Whether its functions are smooth ones in the place of the model's own.
    public var isSmooth: Bool
    /// Its seeds.
    public var seeds: [Growth]

    /// The median over the seeds of the largest difference.
    public var medianLargest: Double { seeds.map(\.largest).median }
  }

  /// One engine.
  public var first: String
  /// The other, with other kernels.
  public var second: String
  /// Steps of each training.
  public var stepCount: Int
  /// The model as it is and, if it has functions that decide, a smooth one.
  public var variants: [Variant]
  /// Seeds trained in lockstep up to the first flip and a little further.
  public var trails: [FlipTrail] = []

  /// The model as it is.
  public var original: Variant? { variants.first { !$0.isSmooth } }
  /// The smooth one.
  public var smooth: Variant? { variants.first { $0.isSmooth } }

  /// One model's curves part more than the other's if they do by so many times as much.
  package static let decisiveRatio = 10.0

  /// Whether the curves part by decisions: those of the smooth model do not, or far less.
  package var isOfDecisions: Bool {
    guard let original, let smooth else { return false }
    return original.medianLargest > Parting.threshold
      && original.medianLargest >= Self.decisiveRatio * smooth.medianLargest
  }
}

/// Computes ``Chaos``.
struct ChaosExperiment {
  /// The fewest steps of a training, or an epoch if that is more.
  private static let leastSteps = 60
  /// Seeds there should be time for: more steps come first, then more seeds.
  private static let wantedSeeds = 4
  /// More seeds tell no more.
  private static let mostSeeds = 8

  let task: TrainingTask
  let workbench: Workbench
  let deadline: Deadline

  /// The part of the time for following flips.
  private static let trailShare = 0.4

  /// Trains seeds in lockstep until a unit flips; then seeds on both engines, one after the other, and the smooth
  /// model with them.
  ///
  /// - Returns: nil if there was not time for a seed.
  func run(_ first: Engine, _ second: Engine) throws -> Chaos? {
    let trailEnd = deadline.within(deadline.secondsLeft * Self.trailShare)
    var trails: [FlipTrail] = []
    for seed in 0..<UInt64(Self.mostSeeds) where !trailEnd.hasPassed {
      let trail = try FlipTrail.follow(
        task, seed: seed, first, second, steps: task.stepCount, on: workbench, until: trailEnd)
      if let trail { trails.append(trail) }
    }
    var tasks = [(task, false)]
    if let smooth = task.smooth { tasks.append((smooth, true)) }
    let steps = try stepCount(first, second, trainings: tasks.count * Self.wantedSeeds)
    var variants = tasks.map { Chaos.Variant(isSmooth: $0.1, seeds: []) }
    for seed in 0..<UInt64(Self.mostSeeds) {
      for (index, (task, _)) in tasks.enumerated() {
        guard let one = try train(task, first, seed, steps), let other = try train(task, second, seed, steps)
        else { continue }
        let differences = zip(one, other).map { LossDifference.relative(Double($0), Double($1)) }
        variants[index].seeds.append(.init(seed: seed, differences: differences))
      }
    }
    variants.removeAll { $0.seeds.isEmpty }
    guard !variants.isEmpty || !trails.isEmpty else { return nil }
    return Chaos(
      first: first.name, second: second.name, stepCount: steps, variants: variants, trails: trails)
  }

  /// Steps that there is time for, by the speed of the first ones.
  private func stepCount(_ first: Engine, _ second: Engine, trainings: Int) throws -> Int {
    let least = min(max(Self.leastSteps, task.stepsPerEpoch), max(1, task.stepCount))
    let before = deadline.secondsLeft
    guard try train(task, first, 0, least) != nil, try train(task, second, 0, least) != nil else {
      return least
    }
    let each = before - deadline.secondsLeft
    let affordable = 0.8 * deadline.secondsLeft / Double(trainings) / max(each, 1e-6) * Double(least)
    return max(least, Int(min(affordable, Double(task.stepCount))))
  }

  /// The losses of a training; nil if it did not come to its end in time.
  private func train(_ task: TrainingTask, _ engine: Engine, _ seed: UInt64, _ steps: Int) throws -> [Float]?
  {
    let curve = try workbench.attempt(engine) { device in
      let session = try TrainingSession(task, seed: seed, engine: engine.name, on: device)
      try session.compute(steps: steps, until: deadline)
      return session.curve
    }
    guard let curve, curve.losses.count == steps else { return nil }
    return curve.losses
  }
}
