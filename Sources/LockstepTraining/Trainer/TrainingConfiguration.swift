/// Everything that decides how a model is trained, besides the model and the data.
public struct TrainingConfiguration: Codable, Hashable, Sendable {
  /// How many times all images are seen.
  public var epochs: Int
  /// Images a step.
  public var batchSize: Int
  /// The size of a step along the gradient.
  public var learningRate: Double
  /// The share of the last step's velocity that is kept, 0 ≤ momentum < 1.
  public var momentum: Double
  /// Whether the momentum is Nesterov's.
  public var nesterov: Bool
  /// The share of the parameters that is added to their gradient.
  public var weightDecay: Double
  /// The share of the target that is spread evenly over all classes.
  public var labelSmoothing: Double
  /// What initial weights, order of the images and dropout are a pure function of.
  public var seed: UInt64

  /// Creates a configuration; the defaults suit a small convolutional net.
  public init(
    epochs: Int = 10, batchSize: Int = 64, learningRate: Double = 0.05, momentum: Double = 0.9,
    nesterov: Bool = false, weightDecay: Double = 0, labelSmoothing: Double = 0, seed: UInt64 = 0
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    self.labelSmoothing = labelSmoothing
    self.seed = seed
  }

  /// The first setting that makes no sense, in one line; nil if all do.
  public var problem: String? {
    if epochs < 1 { return "epochs must be at least 1, not \(epochs)" }
    if batchSize < 1 { return "the batch size must be at least 1, not \(batchSize)" }
    if !(learningRate > 0 && learningRate.isFinite) {
      return "the learning rate must be a number above 0, not \(learningRate)"
    }
    if !(0..<1).contains(momentum) { return "momentum must be at least 0 and below 1, not \(momentum)" }
    if nesterov && momentum == 0 { return "Nesterov's momentum needs a momentum above 0" }
    if !(weightDecay >= 0 && weightDecay.isFinite) {
      return "weight decay must be a number of at least 0, not \(weightDecay)"
    }
    if !(0...1).contains(labelSmoothing) {
      return "label smoothing must be at least 0 and at most 1, not \(labelSmoothing)"
    }
    return nil
  }
}
