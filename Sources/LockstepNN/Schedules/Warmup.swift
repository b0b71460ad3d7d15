/// A rise of the learning rate in the first steps, PyTorch's `LinearLR` in front of another schedule, as
/// `SequentialLR` puts them: that one begins when the rise has ended.
public struct Warmup: Hashable, Sendable, Codable {
  /// How long it is; 0 for none.
  public var length: Int
  /// What `length` counts. The rate rises with every step in any case.
  public var unit: ScheduleUnit
  /// The first rate, as a share of the full one.
  public var factor: Double

  /// Creates a warm-up.
  public init(length: Int = 0, unit: ScheduleUnit = .epoch, factor: Double = 0.01) {
    self.length = length
    self.unit = unit
    self.factor = factor
  }

  /// How many steps it is.
  public func stepCount(stepsPerEpoch: Int) -> Int { unit == .step ? length : length * stepsPerEpoch }

  /// What the rate is multiplied by after so many steps of `count`.
  func share(at step: Int, of count: Int) -> Double {
    factor + (1 - factor) * (Double(step) / Double(count))
  }

  /// The first number that makes no sense, in one line; nil if all do.
  public var problem: String? {
    if length < 0 { return "the warm-up must be at least 0 long, not \(length)" }
    // More steps or epochs would overflow what is counted with them.
    if length > 1 << 40 { return "the warm-up can't be \(length) long" }
    if !(factor > 0 && factor <= 1) {
      return "the factor of the warm-up must be above 0 and at most 1, not \(factor)"
    }
    return nil
  }
}

extension LearningRateSchedule {
  /// The learning rate at a place, warmed up before.
  public func learningRate(
    _ base: Double, at progress: ScheduleProgress, after warmup: Warmup, _ plateau: PlateauState? = nil
  ) -> Double {
    let steps = warmup.stepCount(stepsPerEpoch: progress.stepsPerEpoch)
    if progress.step < steps {
      return initialRate(base) * warmup.share(at: progress.step, of: steps)
    }
    return learningRate(base, at: progress.dropping(steps), plateau)
  }

  /// The momentum at a place, or β₁; nil where the schedule leaves it.
  public func momentum(at progress: ScheduleProgress, after warmup: Warmup) -> Double? {
    let steps = warmup.stepCount(stepsPerEpoch: progress.stepsPerEpoch)
    return momentum(at: progress.dropping(min(steps, progress.step)))
  }

  /// The rate a warm-up leads to: of a cycle its first.
  private func initialRate(_ base: Double) -> Double {
    if case .oneCycle(let cycle) = self { return base / cycle.divisor }
    return base
  }
}
