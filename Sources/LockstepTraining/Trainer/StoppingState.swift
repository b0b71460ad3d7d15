import LockstepNN

/// How far an ``EarlyStopping`` is.
struct StoppingState: Hashable, Sendable {
  /// The best value so far; nil before the first.
  var best: Double?
  /// Epochs since then.
  var badCount = 0

  /// Takes an epoch in.
  mutating func observe(_ evaluation: Evaluation, _ rule: EarlyStopping) {
    let value = evaluation.value(of: rule.metric)
    let isBetter =
      switch rule.metric {
      case .loss: best.map { value < $0 - rule.minimumChange } ?? true
      case .accuracy: best.map { value > $0 + rule.minimumChange } ?? true
      }
    if isBetter { best = value }
    badCount = isBetter ? 0 : badCount + 1
  }

  /// Whether the training is to end.
  func isOver(_ rule: EarlyStopping) -> Bool { badCount >= rule.patience }
}

extension Evaluation {
  /// What a metric judges.
  func value(of metric: Metric) -> Double {
    switch metric {
    case .loss: loss
    case .accuracy: accuracy
    }
  }

  /// Whether it is better than another one: by accuracy more right, or as many with a lower loss; by loss a lower
  /// one.
  func isBetter(than other: Evaluation, by metric: Metric) -> Bool {
    switch metric {
    case .loss: loss < other.loss
    case .accuracy: (correctCount, -loss) > (other.correctCount, -other.loss)
    }
  }
}
