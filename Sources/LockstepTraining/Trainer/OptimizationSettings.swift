public import LockstepNN

/// How the parameters are moved along their gradients, and when that ends: the settings beyond learning rate,
/// momentum and weight decay.
public struct OptimizationSettings: Codable, Hashable, Sendable {
  /// The rule.
  public var optimizer = OptimizerKind.sgd
  /// How the learning rate goes.
  public var schedule = LearningRateSchedule.constant
  /// How it rises at first.
  public var warmup = Warmup()
  /// How gradients that are too large are made smaller.
  public var clipping = GradientClipping()
  /// How many batches share a step: their gradients are averaged as those of one large batch.
  public var accumulatedBatches = 1
  /// The share of the weights' average that is kept from step to step; nil for no average.
  public var averageDecay: Double?
  /// What does not learn, see ``/LockstepNN/Module/freeze(_:)``.
  public var frozen: [PathPattern] = []
  /// Parameters with settings of their own.
  public var groups: [ParameterGroup] = []
  /// Whether weight decay is for parameters of one dimension too: biases, scales and offsets.
  public var decaysVectors = true
  /// What makes an epoch the best one.
  public var bestMetric = Metric.accuracy
  /// When to stop before the last epoch; nil for never.
  public var earlyStopping: EarlyStopping?
  /// A run saves what it goes on from after every so many batches, besides after every epoch; nil for not.
  public var checkpointInterval: Int?

  /// Creates settings: plain SGD at one learning rate.
  public init() {}

  /// Reads settings; what is missing is as it was before there was such a setting.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<T: Decodable>(_ key: CodingKeys, or standard: T) throws -> T {
      try values.decodeIfPresent(T.self, forKey: key) ?? standard
    }
    optimizer = try value(.optimizer, or: optimizer)
    schedule = try value(.schedule, or: schedule)
    warmup = try value(.warmup, or: warmup)
    clipping = try value(.clipping, or: clipping)
    accumulatedBatches = try value(.accumulatedBatches, or: accumulatedBatches)
    averageDecay = try values.decodeIfPresent(Double.self, forKey: .averageDecay)
    frozen = try value(.frozen, or: frozen)
    groups = try value(.groups, or: groups)
    decaysVectors = try value(.decaysVectors, or: decaysVectors)
    bestMetric = try value(.bestMetric, or: bestMetric)
    earlyStopping = try values.decodeIfPresent(EarlyStopping.self, forKey: .earlyStopping)
    checkpointInterval = try values.decodeIfPresent(Int.self, forKey: .checkpointInterval)
  }

  /// Whether the learning rate is not the same in every step.
  var isScheduled: Bool { schedule != .constant || warmup.length > 0 }

  /// Whether a checkpoint is to be saved after a step, within its epoch: at an epoch's end one is in any case.
  package func isCheckpointDue(after report: StepReport) -> Bool {
    guard let checkpointInterval else { return false }
    return report.step % checkpointInterval == 0 && report.batch < report.batchCount
  }

  /// Those that can change a weight, as `run.json` has them, on one line.
  package var description: String {
    var settings = self
    (settings.checkpointInterval, settings.bestMetric) = (nil, .accuracy)
    return TrainingConfiguration(optimization: settings).differences(from: TrainingConfiguration())
      .joined(separator: "; ")
  }

  /// The first setting that makes no sense, in one line; nil if all do.
  public var problem: String? {
    if accumulatedBatches < 1 {
      return "a step needs the gradients of at least 1 batch, not \(accumulatedBatches)"
    }
    if let averageDecay, !(0..<1).contains(averageDecay) {
      return "the decay of the average must be at least 0 and below 1, not \(averageDecay)"
    }
    if let checkpointInterval, checkpointInterval < 1 {
      return "a checkpoint can be saved every 1 step or more, not every \(checkpointInterval)"
    }
    return optimizer.problem ?? schedule.problem ?? warmup.problem ?? clipping.problem
      ?? groups.lazy.compactMap(\.problem).first ?? earlyStopping?.problem
  }
}
