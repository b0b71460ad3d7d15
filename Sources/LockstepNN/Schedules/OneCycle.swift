/// The policy of one cycle, PyTorch's `OneCycleLR`: the learning rate rises from a low one to the highest, which is
/// the training's, and falls to almost nothing, while the momentum goes the other way.
///
/// Source: Smith and Topin, "Super-Convergence", 2018.
public struct OneCycle: Hashable, Sendable, Codable {
  /// How the rate goes from one value to the next.
  public enum Annealing: String, Hashable, Sendable, Codable, CaseIterable {
    /// Half a cosine's wave.
    case cosine
    /// A straight line.
    case linear
  }

  /// The share of the cycle in which the rate rises.
  public var rise = 0.3
  /// The first rate is the highest over this.
  public var divisor = 25.0
  /// The last rate is the first over this.
  public var finalDivisor = 10_000.0
  /// How the rate goes.
  public var annealing = Annealing.cosine
  /// Whether the momentum, or β₁, goes the other way.
  public var cyclesMomentum = true
  /// The momentum where the rate is highest.
  public var lowMomentum = 0.85
  /// The momentum at the beginning and the end.
  public var highMomentum = 0.95
  /// How long a cycle is; nil for the whole training after the warm-up.
  public var length: Int?
  /// What `length` counts, and how often the rate moves.
  public var unit = ScheduleUnit.step

  /// Creates a cycle with PyTorch's defaults.
  public init() {}

  func learningRate(_ highest: Double, at count: Int, of length: Int) -> Double {
    let first = highest / divisor
    return value(at: count, of: length, from: first, over: highest, to: first / finalDivisor)
  }

  func momentum(at count: Int, of length: Int) -> Double? {
    guard cyclesMomentum else { return nil }
    return value(at: count, of: length, from: highMomentum, over: lowMomentum, to: highMomentum)
  }

  /// The rise ends at `rise · length − 1`, the fall with the last of all, as PyTorch counts.
  private func value(
    at count: Int, of length: Int, from first: Double, over middle: Double, to last: Double
  ) -> Double {
    let now = Double(min(count, length - 1))
    let (top, end) = (rise * Double(length) - 1, Double(length) - 1)
    return now <= top
      ? annealed(first, middle, top > 0 ? now / top : 1)
      : annealed(middle, last, end > max(0, top) ? (now - top) / (end - top) : 1)
  }

  private func annealed(_ from: Double, _ to: Double, _ share: Double) -> Double {
    switch annealing {
    case .cosine: to + (from - to) / 2 * (cosineOfPi(share) + 1)
    case .linear: (to - from) * share + from
    }
  }

  /// The first number that makes no sense, in one line; nil if all do.
  var problem: String? {
    if !(rise > 0 && rise < 1) { return "the rise of the cycle must be above 0 and below 1, not \(rise)" }
    for (name, divisor) in [("divisor", divisor), ("finalDivisor", finalDivisor)]
    where !(divisor >= 1 && divisor.isFinite) {
      return "\(name) of the cycle must be a number of at least 1, not \(divisor)"
    }
    for (name, momentum) in [("lowMomentum", lowMomentum), ("highMomentum", highMomentum)]
    where !(0..<1).contains(momentum) {
      return "\(name) of the cycle must be at least 0 and below 1, not \(momentum)"
    }
    if let length, length < 1 { return "the length of the cycle must be at least 1, not \(length)" }
    return nil
  }
}
