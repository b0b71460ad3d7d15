public import LockstepCore

/// How a parameter moves along its gradient: hyper-parameters without state.
public protocol OptimizerRule: Sendable {
  /// The size of a step.
  var learningRate: Double { get set }

  /// The tensors the rule keeps for a parameter, as they are before the first step.
  func initialState(for parameter: Tensor) -> [Tensor]

  /// The parameter and its state after a step.
  func step(_ parameter: Tensor, gradient: Tensor, state: [Tensor]) -> (parameter: Tensor, state: [Tensor])
}

/// An optimizer: a rule, and what it keeps for each parameter of one model.
public final class Optimizer {
  /// The rule; its learning rate may be changed between steps.
  public var rule: any OptimizerRule
  /// What the rule keeps, by parameter name; empty before the first step.
  public var state: [String: [Tensor]] = [:]

  /// Creates an optimizer without state.
  public init(_ rule: any OptimizerRule) { self.rule = rule }

  /// Moves a model's parameters by one step.
  public func update(_ model: some Module, with gradients: Gradients) {
    update(model.parameters, with: gradients)
  }

  /// Moves parameters that were looked up once by one step. Traps if a gradient is missing.
  public func update(_ parameters: [NamedParameter], with gradients: Gradients) {
    Origin.$current.withValue(Origin(phase: .update)) {
      for named in parameters {
        guard let gradient = gradients[named.name] else {
          trap("no gradient for \(named.name): gradients are of another model")
        }
        let value = named.parameter.value
        let before = state[named.name] ?? rule.initialState(for: value)
        let (parameter, after) = rule.step(value, gradient: gradient, state: before)
        named.parameter.value = parameter
        state[named.name] = after
      }
    }
  }
}
