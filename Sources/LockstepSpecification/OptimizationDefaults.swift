public import LockstepNN

/// How a model wants its parameters moved, unless the command line says otherwise; nil where it has no wish.
public struct OptimizationDefaults: Hashable, Sendable {
  /// The rule.
  public var optimizer: OptimizerKind?
  /// How the learning rate goes.
  public var schedule: LearningRateSchedule?
  /// How many epochs it rises at first.
  public var warmupEpochs: Int?
  /// How many steps it rises at first, instead.
  public var warmupSteps: Int?
  /// The first rate, as a share of the full one.
  public var warmupFactor: Double?
  /// The most that all gradients together may have for a norm.
  public var clipNorm: Double?
  /// The most that an element of a gradient may be away from 0.
  public var clipValue: Double?
  /// How many batches share a step.
  public var accumulate: Int?
  /// The share of the weights' average that is kept from step to step.
  public var ema: Double?
  /// What does not learn.
  public var freeze: [PathPattern]?
  /// Parameters with settings of their own.
  public var groups: [ParameterGroup]?
  /// Whether weight decay is for biases, scales and offsets too.
  public var biasDecay: Bool?
  /// What makes an epoch the best one.
  public var bestBy: Metric?
  /// When to stop before the last epoch.
  public var earlyStopping: EarlyStopping?

  /// Creates defaults without a wish.
  public init() {}

  init(_ arguments: Arguments) {
    optimizer = arguments.find("optimizer", .optimizer)
    schedule = arguments.find("schedule", .schedule)
    warmupEpochs = arguments.find("warmupEpochs", .count(from: 0))
    warmupSteps = arguments.find("warmupSteps", .count(from: 0))
    warmupFactor = arguments.find("warmupFactor", .positiveNumber)
    clipNorm = arguments.find("clipNorm", .positiveNumber)
    clipValue = arguments.find("clipValue", .positiveNumber)
    accumulate = arguments.find("accumulate", .positive)
    ema = arguments.find("ema", .share)
    freeze = arguments.find("freeze", .patterns)
    groups = arguments.find("groups", .groups)
    biasDecay = arguments.find("biasDecay", .flag)
    bestBy = arguments.find("bestBy", .choice("accuracy or loss"))
    earlyStopping = arguments.find("earlyStopping", .earlyStopping)
  }
}
