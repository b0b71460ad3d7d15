public import LockstepData
public import LockstepNN

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
  /// How training images are varied.
  public var augmentation: Augmentation
  /// How samples are normalised, in training and whenever the model is asked; nil for values in 0…1.
  public var normalization: Normalization?
  /// How much each class's images count in the training loss; nil for all alike. As PyTorch's
  /// `CrossEntropyLoss(weight=)`, a batch's loss is the weighted mean.
  public var classWeights: [Double]?
  /// Whether neighbouring layers become one operation, see ``/LockstepNN/ExecutionOptions/fusesOperations``.
  public var fusesOperations: Bool
  /// Which algorithm computes convolutions.
  public var convolution: ConvolutionChoice
  /// The optimizer, the course of its learning rate and what else moves parameters or ends the training.
  public var optimization: OptimizationSettings

  /// Creates a configuration; the defaults suit a small convolutional net.
  public init(
    epochs: Int = 10, batchSize: Int = 64, learningRate: Double = 0.05, momentum: Double = 0.9,
    nesterov: Bool = false, weightDecay: Double = 0, labelSmoothing: Double = 0, seed: UInt64 = 0,
    augmentation: Augmentation = Augmentation(), normalization: Normalization? = nil,
    classWeights: [Double]? = nil, fusesOperations: Bool = true, convolution: ConvolutionChoice = .auto,
    optimization: OptimizationSettings = OptimizationSettings()
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    self.labelSmoothing = labelSmoothing
    self.seed = seed
    self.augmentation = augmentation
    self.normalization = normalization
    self.classWeights = classWeights
    self.fusesOperations = fusesOperations
    self.convolution = convolution
    self.optimization = optimization
  }

  /// Reads a configuration; what it says nothing of is from before there was any.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    epochs = try values.decode(Int.self, forKey: .epochs)
    batchSize = try values.decode(Int.self, forKey: .batchSize)
    learningRate = try values.decode(Double.self, forKey: .learningRate)
    momentum = try values.decode(Double.self, forKey: .momentum)
    nesterov = try values.decode(Bool.self, forKey: .nesterov)
    weightDecay = try values.decode(Double.self, forKey: .weightDecay)
    labelSmoothing = try values.decode(Double.self, forKey: .labelSmoothing)
    seed = try values.decode(UInt64.self, forKey: .seed)
    augmentation =
      try values.decodeIfPresent(Augmentation.self, forKey: .augmentation) ?? Augmentation()
    normalization = try values.decodeIfPresent(Normalization.self, forKey: .normalization)
    classWeights = try values.decodeIfPresent([Double].self, forKey: .classWeights)
    fusesOperations = try values.decodeIfPresent(Bool.self, forKey: .fusesOperations) ?? false
    convolution = try values.decodeIfPresent(ConvolutionChoice.self, forKey: .convolution) ?? .direct
    optimization =
      try values.decodeIfPresent(OptimizationSettings.self, forKey: .optimization) ?? OptimizationSettings()
  }

  /// How the model's layers are computed.
  public var execution: ExecutionOptions {
    ExecutionOptions(fusesOperations: fusesOperations, convolution: convolution)
  }

  /// The same, computed operation by operation as they are defined: what looks at single operations needs that.
  public var operationByOperation: TrainingConfiguration {
    var result = self
    result.fusesOperations = false
    result.convolution = .direct
    return result
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
    if let problem = augmentation.problem ?? normalization?.problem { return problem }
    return classWeightProblem ?? optimization.problem ?? warmupProblem
  }

  /// The first setting that does not fit images to train on, in one line; nil if all do.
  public func problem(with train: ImageDataset) -> String? {
    if let classWeights, classWeights.count != train.classNames.count {
      return "there are \(classWeights.count) class weights for \(train.classNames.count) classes"
    }
    return augmentation.problem(height: train.height, width: train.width)
      ?? normalization?.problem(channels: train.channels)
  }

  private var classWeightProblem: String? {
    guard let classWeights else { return nil }
    if let weight = classWeights.first(where: { !($0 >= 0 && $0.isFinite) }) {
      return "a class weight must be a number of at least 0, not \(weight)"
    }
    return classWeights.contains { $0 > 0 } ? nil : "one class must have a weight above 0 at least"
  }

  private var warmupProblem: String? {
    let warmup = optimization.warmup
    guard warmup.unit == .epoch, warmup.length >= epochs, warmup.length > 0 else { return nil }
    return "the warm-up must be shorter than the training: it has \(warmup.length) epochs of \(epochs)"
  }

  /// What of the settings does not fit a model's parameters, in one line; nil if all does: a pattern that matches
  /// nothing, or nothing left to learn.
  public func problem(with model: some Module) -> String? {
    let (state, frozen) = (model.state, optimization.frozen)
    do throws(PatternError) {
      try frozen.check(against: state.map(\.name), "parameter")
      _ = try optimization.groups.adjustments(of: model.parameters)
    } catch {
      return "\(error)"
    }
    let learns = model.learningParameters.contains { named in
      !frozen.contains { $0.matches(named.name) }
    }
    return learns ? nil : "everything is frozen: there is nothing left to learn"
  }
}
