public import LockstepCore

/// How a parameter moves along its gradient: hyper-parameters without state.
public protocol OptimizerRule: Sendable {
  /// The size of a step.
  var learningRate: Double { get set }
  /// What draws parameters to zero; each rule says how.
  var weightDecay: Double { get set }
  /// The share of the last step, or of the mean gradient, that is kept: what a one-cycle schedule moves against the
  /// learning rate. Nil of a rule that keeps none; writing does nothing then.
  var momentumShare: Double? { get set }

  /// The tensors the rule keeps for a parameter, each of its shape, as they are before the first step.
  func initialState(for parameter: Tensor) -> [Tensor]

  /// Moves a parameter, and what the rule keeps for it, by a step.
  ///
  /// - Parameter number: which step it is, from 1.
  func step(_ parameter: inout Tensor, gradient: Tensor, state: inout [Tensor], number: Int)
}

extension OptimizerRule {
  /// None.
  public var momentumShare: Double? {
    get { nil }
    set {}
  }
}

extension Tensor {
  /// Zeros of the same shape, as most states begin.
  func zerosAlike() -> Tensor { .zeros(shape, dtype: dtype, on: device) }
}

/// An optimizer: a rule, and what it keeps for each parameter of one model.
public final class Optimizer {
  /// The rule; its learning rate may be changed between steps.
  public var rule: any OptimizerRule
  /// What is different for some of the parameters, by name.
  public let adjustments: [String: ParameterAdjustment]
  /// What the rule keeps, by parameter name; empty before the first step.
  public var state: [String: [Tensor]] = [:]
  /// Steps made.
  public var stepCount = 0

  /// Creates an optimizer without state.
  ///
  /// - Parameter adjustments: what is different for some of the parameters, as ``ParameterGroup`` gives it.
  public init(_ rule: any OptimizerRule, adjustments: [String: ParameterAdjustment] = [:]) {
    self.rule = rule
    self.adjustments = adjustments
  }

  /// Moves a model's parameters by one step, but for frozen ones.
  public func update(_ model: some Module, with gradients: Gradients) {
    update(model.learningParameters, with: gradients)
  }

  /// Moves parameters that were looked up once by one step. Traps if a gradient is missing.
  public func update(_ parameters: [NamedParameter], with gradients: Gradients) {
    stepCount += 1
    Origin.$current.withValue(Origin(phase: .update)) {
      for named in parameters {
        guard let gradient = gradients[named.name] else {
          trap("no gradient for \(named.name): gradients are of another model")
        }
        if state[named.name] == nil {
          state[named.name] = rule.initialState(for: named.parameter.value)
        }
        let rule = adjustments[named.name]?.applied(to: self.rule) ?? self.rule
        named.parameter.change { parameter in
          rule.step(&parameter, gradient: gradient, state: &state[named.name]!, number: stepCount)
        }
      }
    }
  }
}
