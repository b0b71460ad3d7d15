/// What is judged after every epoch, on the test images.
public enum Metric: String, Hashable, Sendable, Codable, CaseIterable {
  /// The mean loss: lower is better.
  case loss
  /// The share classified right: higher is better.
  case accuracy
}

/// A lower learning rate whenever nothing gets better any more, PyTorch's `ReduceLROnPlateau`.
public struct PlateauReduction: Hashable, Sendable, Codable {
  /// How much better counts as better.
  public enum ThresholdMode: String, Hashable, Sendable, Codable, CaseIterable {
    /// By a share of the best value.
    case relative
    /// By a number.
    case absolute
  }

  /// What is judged.
  public var metric = Metric.loss
  /// What the rate is multiplied by.
  public var factor = 0.1
  /// Epochs without anything better that are put up with.
  public var patience = 10
  /// How much better counts as better.
  public var threshold = 1e-4
  /// What the threshold is a share of.
  public var thresholdMode = ThresholdMode.relative
  /// Epochs after a reduction that are not judged.
  public var cooldown = 0
  /// The lowest rate.
  public var minimum = 0.0
  /// A change of the rate that is smaller is left out.
  public var epsilon = 1e-8

  /// Creates a reduction with PyTorch's defaults.
  public init() {}

  /// Whether a value is better than the best so far.
  func isBetter(_ value: Double, than best: Double) -> Bool {
    switch (metric, thresholdMode) {
    case (.loss, .relative): value < best * (1 - threshold)
    case (.loss, .absolute): value < best - threshold
    case (.accuracy, .relative): value > best * (1 + threshold)
    case (.accuracy, .absolute): value > best + threshold
    }
  }

  /// The first number that makes no sense, in one line; nil if all do.
  var problem: String? {
    if !(factor > 0 && factor < 1) {
      return "the factor of the plateau must be above 0 and below 1, not \(factor)"
    }
    if patience < 0 { return "the patience of the plateau must be at least 0, not \(patience)" }
    if cooldown < 0 { return "the cooldown of the plateau must be at least 0, not \(cooldown)" }
    for (name, value) in [("threshold", threshold), ("minimum", minimum), ("epsilon", epsilon)]
    where !(value >= 0 && value.isFinite) {
      return "the \(name) of the plateau must be a number of at least 0, not \(value)"
    }
    return nil
  }
}

/// How far a ``PlateauReduction`` is.
public struct PlateauState: Hashable, Sendable {
  /// The rate now.
  public package(set) var learningRate: Double
  /// The best value so far; nil before the first.
  package var best: Double?
  /// Epochs since then.
  package var badCount = 0
  /// Epochs that are not to be judged.
  package var cooldown = 0

  /// The beginning.
  public init(learningRate: Double) { self.learningRate = learningRate }

  /// Takes an epoch's value in.
  public mutating func observe(_ value: Double, _ reduction: PlateauReduction) {
    if best.map({ reduction.isBetter(value, than: $0) }) ?? true {
      best = value
      badCount = 0
    } else {
      badCount += 1
    }
    if cooldown > 0 {
      cooldown -= 1
      badCount = 0
    }
    guard badCount > reduction.patience else { return }
    let lower = max(learningRate * reduction.factor, reduction.minimum)
    if learningRate - lower > reduction.epsilon { learningRate = lower }
    cooldown = reduction.cooldown
    badCount = 0
  }
}
