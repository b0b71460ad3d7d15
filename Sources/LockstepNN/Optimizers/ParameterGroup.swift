import LockstepCore

/// What is different for a parameter from what its optimizer's rule says.
public struct ParameterAdjustment: Hashable, Sendable {
  /// What the learning rate is multiplied by.
  public var learningRateFactor = 1.0
  /// The weight decay instead of the rule's.
  public var weightDecay: Double?

  /// Creates an adjustment.
  public init(learningRateFactor: Double = 1, weightDecay: Double? = nil) {
    self.learningRateFactor = learningRateFactor
    self.weightDecay = weightDecay
  }

  /// The rule for this parameter.
  func applied(to rule: any OptimizerRule) -> any OptimizerRule {
    var result = rule
    result.learningRate *= learningRateFactor
    if let weightDecay { result.weightDecay = weightDecay }
    return result
  }
}

/// Parameters with settings of their own, chosen by patterns.
public struct ParameterGroup: Hashable, Sendable, Codable {
  /// Which parameters: each matches one at least.
  public var parameters: [PathPattern]
  /// What the learning rate is multiplied by; nil leaves it.
  public var learningRateFactor: Double?
  /// The weight decay; nil leaves it.
  public var weightDecay: Double?

  /// Creates a group.
  public init(_ parameters: [PathPattern], learningRateFactor: Double? = nil, weightDecay: Double? = nil) {
    self.parameters = parameters
    self.learningRateFactor = learningRateFactor
    self.weightDecay = weightDecay
  }

  /// The first number that makes no sense, in one line; nil if all do.
  public var problem: String? {
    if parameters.isEmpty { return "a group of parameters needs a pattern" }
    if let factor = learningRateFactor, !(factor >= 0 && factor.isFinite) {
      return "the learning rate's factor of a group must be a number of at least 0, not \(factor)"
    }
    if let weightDecay, !(weightDecay >= 0 && weightDecay.isFinite) {
      return "the weight decay of a group must be a number of at least 0, not \(weightDecay)"
    }
    return nil
  }
}

extension [ParameterGroup] {
  /// What is different for each parameter, by name. Of several groups that match a parameter the last one that says
  /// something of a setting decides it.
  ///
  /// - Parameter decaysVectors: whether weight decay is for parameters of one dimension too, which are biases and
  ///   the scales and offsets of normalisations. A group may say otherwise.
  /// - Throws: ``PatternError`` if a pattern matches nothing.
  public func adjustments(
    of parameters: [NamedParameter], decaysVectors: Bool = true
  ) throws(PatternError) -> [String: ParameterAdjustment] {
    let names = parameters.map(\.name)
    for group in self { try group.parameters.check(against: names, "parameter") }
    var result: [String: ParameterAdjustment] = [:]
    for named in parameters {
      var adjustment = ParameterAdjustment()
      if !decaysVectors && named.parameter.shape.rank <= 1 { adjustment.weightDecay = 0 }
      for group in self where group.parameters.contains(where: { $0.matches(named.name) }) {
        adjustment.learningRateFactor = group.learningRateFactor ?? adjustment.learningRateFactor
        adjustment.weightDecay = group.weightDecay ?? adjustment.weightDecay
      }
      if adjustment != ParameterAdjustment() { result[named.name] = adjustment }
    }
    return result
  }
}
