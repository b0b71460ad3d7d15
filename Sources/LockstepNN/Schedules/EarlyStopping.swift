/// The end of a training that gets no better, as Keras's `EarlyStopping` defines it.
public struct EarlyStopping: Codable, Hashable, Sendable {
  /// So many epochs in a row without anything better end the training.
  public var patience: Int
  /// What is judged, on the test images; of a training with an average, of that.
  public var metric: Metric
  /// What is better by less than this is not better.
  public var minimumChange: Double

  /// Creates a rule.
  public init(patience: Int, metric: Metric = .loss, minimumChange: Double = 0) {
    self.patience = patience
    self.metric = metric
    self.minimumChange = minimumChange
  }

  /// The first number that makes no sense, in one line; nil if all do.
  public var problem: String? {
    if patience < 1 { return "the patience of early stopping must be at least 1, not \(patience)" }
    if !(minimumChange >= 0 && minimumChange.isFinite) {
      return "the smallest change of early stopping must be a number of at least 0, not \(minimumChange)"
    }
    return nil
  }
}
