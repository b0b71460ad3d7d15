public import LockstepData

/// How a model wants to be trained unless the command line says otherwise; nil where it has no wish.
public struct TrainingDefaults: Hashable, Sendable {
  /// How often every image is seen.
  public var epochs: Int?
  /// Images in a step.
  public var batchSize: Int?
  /// The size of a step.
  public var learningRate: Double?
  /// The share of the last step's velocity that is kept.
  public var momentum: Double?
  /// Whether the gradient is taken to be that after the momentum's step.
  public var nesterov: Bool?
  /// The share of a parameter that is added to its gradient.
  public var weightDecay: Double?
  /// The share of the target that is spread evenly over all classes.
  public var labelSmoothing: Double?
  /// How the parameters are to be moved.
  public var optimization = OptimizationDefaults()

  /// How training images are varied.
  public var augmentation: Augmentation?
  /// How samples are normalised.
  public var normalization: NormalizationChoice?
  /// How much each class counts in the loss.
  public var classWeights: ClassWeighting?

  /// Creates defaults.
  public init(
    epochs: Int? = nil, batchSize: Int? = nil, learningRate: Double? = nil, momentum: Double? = nil,
    nesterov: Bool? = nil, weightDecay: Double? = nil, labelSmoothing: Double? = nil,
    augmentation: Augmentation? = nil, normalization: NormalizationChoice? = nil,
    classWeights: ClassWeighting? = nil
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    self.labelSmoothing = labelSmoothing
    self.augmentation = augmentation
    self.normalization = normalization
    self.classWeights = classWeights
  }

  init(_ arguments: Arguments) {
    epochs = arguments.find("epochs", .positive)
    batchSize = arguments.find("batchSize", .positive)
    learningRate = arguments.find("learningRate", .positiveNumber)
    momentum = arguments.find("momentum", .share)
    nesterov = arguments.find("nesterov", .flag)
    weightDecay = arguments.find("weightDecay", .nonnegativeNumber)
    labelSmoothing = arguments.find("labelSmoothing", .share)
    augmentation = arguments.find("augment", .section(standIn: Augmentation(), Augmentation.init))
    normalization = arguments.find("normalize", .normalization)
    classWeights = arguments.find("classWeights", .classWeighting)
    optimization = OptimizationDefaults(arguments)
  }
}
