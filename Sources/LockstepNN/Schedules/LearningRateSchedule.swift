import LockstepCore

/// How the learning rate goes from step to step, as PyTorch's `torch.optim.lr_scheduler` defines it: a pure function
/// of the position, but for ``plateau(_:)``.
public enum LearningRateSchedule: Hashable, Sendable, Codable {
  /// The same rate all the time.
  case constant
  /// `StepLR`: times gamma after every so many.
  case step(every: Int, gamma: Double = 0.1, unit: ScheduleUnit = .epoch)
  /// `MultiStepLR`: times gamma at each milestone.
  case multiStep(milestones: [Int], gamma: Double = 0.1, unit: ScheduleUnit = .epoch)
  /// `ExponentialLR`: times gamma each time.
  case exponential(gamma: Double, unit: ScheduleUnit = .epoch)
  /// `CosineAnnealingLR`: from the rate down to a minimum along half a wave. Its length is that of the training,
  /// after the warm-up; of a length of its own the wave goes on, up again.
  case cosine(minimum: Double = 0, length: Int? = nil, unit: ScheduleUnit = .step)
  /// `OneCycleLR`.
  case oneCycle(OneCycle = OneCycle())
  /// `ReduceLROnPlateau`.
  case plateau(PlateauReduction = PlateauReduction())

  // Without a name for what belongs to a choice, records would have one of the compiler's.
  private enum OneCycleCodingKeys: String, CodingKey { case _0 = "settings" }
  private enum PlateauCodingKeys: String, CodingKey { case _0 = "settings" }

  /// The learning rate at a place.
  ///
  /// - Parameters:
  ///   - base: the rate it begins with; of a cycle the highest one.
  ///   - progress: where, counted from the end of the warm-up.
  ///   - plateau: what ``plateau(_:)`` has come to.
  public func learningRate(_ base: Double, at progress: ScheduleProgress, _ plateau: PlateauState?) -> Double
  {
    switch self {
    case .constant: return base
    case .step(let every, let gamma, let unit):
      return base * gamma.raised(to: progress.count(unit) / every)
    case .multiStep(let milestones, let gamma, let unit):
      let now = progress.count(unit)
      return base * gamma.raised(to: milestones.count { $0 <= now })
    case .exponential(let gamma, let unit): return base * gamma.raised(to: progress.count(unit))
    case .cosine(let minimum, let length, let unit):
      let whole = Double(length ?? progress.length(unit))
      return minimum + (base - minimum) * (1 + cosineOfPi(Double(progress.count(unit)) / whole)) / 2
    case .oneCycle(let cycle):
      return cycle.learningRate(
        base, at: progress.count(cycle.unit), of: cycle.length ?? progress.length(cycle.unit))
    case .plateau: return plateau?.learningRate ?? base
    }
  }

  /// The momentum at a place, or β₁; nil where the schedule leaves it.
  public func momentum(at progress: ScheduleProgress) -> Double? {
    guard case .oneCycle(let cycle) = self else { return nil }
    return cycle.momentum(at: progress.count(cycle.unit), of: cycle.length ?? progress.length(cycle.unit))
  }

  /// The name model files and options use.
  public var name: String {
    switch self {
    case .constant: "constant"
    case .step: "step"
    case .multiStep: "multiStep"
    case .exponential: "exponential"
    case .cosine: "cosine"
    case .oneCycle: "oneCycle"
    case .plateau: "plateau"
    }
  }

  /// Whether the rates depend on how long the training is to be, so that it can't become longer later.
  public var dependsOnLength: Bool {
    switch self {
    case .cosine(_, let length, _): length == nil
    case .oneCycle(let cycle): cycle.length == nil
    default: false
    }
  }

  /// The first number that makes no sense, in one line; nil if all do.
  public var problem: String? {
    func gamma(_ gamma: Double) -> String? {
      gamma > 0 && gamma.isFinite ? nil : "gamma of the schedule must be a number above 0, not \(gamma)"
    }
    switch self {
    case .constant: return nil
    case .step(let every, let factor, _):
      return every >= 1 ? gamma(factor) : "a schedule of steps needs a length of at least 1, not \(every)"
    case .multiStep(let milestones, let factor, _):
      guard !milestones.isEmpty, milestones[0] >= 1, zip(milestones, milestones.dropFirst()).allSatisfy(<)
      else { return "milestones must be whole numbers of at least 1 that rise, not \(milestones)" }
      return gamma(factor)
    case .exponential(let factor, _): return gamma(factor)
    case .cosine(let minimum, let length, _):
      if !(minimum >= 0 && minimum.isFinite) {
        return "the lowest learning rate must be a number of at least 0, not \(minimum)"
      }
      return length.map { $0 >= 1 ? nil : "the length of the schedule must be at least 1, not \($0)" } ?? nil
    case .oneCycle(let cycle): return cycle.problem
    case .plateau(let reduction): return reduction.problem
    }
  }
}

/// What a schedule counts.
public enum ScheduleUnit: String, Hashable, Sendable, Codable, CaseIterable {
  /// Steps of the optimizer.
  case step
  /// Passes over the data.
  case epoch
}

/// Where a training is, and how long it is to be.
public struct ScheduleProgress: Hashable, Sendable {
  /// Steps of the optimizer made so far.
  public var step: Int
  /// Steps in all.
  public var stepCount: Int
  /// Steps an epoch.
  public var stepsPerEpoch: Int

  /// Creates a place.
  public init(step: Int, stepCount: Int, stepsPerEpoch: Int) {
    self.step = step
    self.stepCount = stepCount
    self.stepsPerEpoch = stepsPerEpoch
  }

  /// Steps or whole epochs so far.
  func count(_ unit: ScheduleUnit) -> Int { unit == .step ? step : step / stepsPerEpoch }

  /// Steps or epochs in all, at least 1.
  func length(_ unit: ScheduleUnit) -> Int {
    max(1, unit == .step ? stepCount : (stepCount + stepsPerEpoch - 1) / stepsPerEpoch)
  }

  /// The same place, counted from a later beginning.
  func dropping(_ steps: Int) -> ScheduleProgress {
    ScheduleProgress(step: step - steps, stepCount: stepCount - steps, stepsPerEpoch: stepsPerEpoch)
  }
}
