public import LockstepCore

/// The gradients of a loss at a model's parameters, by name.
public struct Gradients: Sendable {
  /// The parameters' names, in the model's order.
  public let names: [String]
  /// The gradients, in the same order.
  public let tensors: [Tensor]

  package init(names: [String], tensors: [Tensor]) {
    self.names = names
    self.tensors = tensors
  }

  /// The gradient at the parameter of a name, or nil if there is no such parameter.
  public subscript(_ name: String) -> Tensor? { names.firstIndex(of: name).map { tensors[$0] } }

  /// The Euclidean norm of all gradients together, a scalar. Traps if there are none.
  public func globalNorm() -> Tensor {
    Tensor.stack(tensors.map { $0.sumOfSquares() }).sum().sqrt()
  }
}

/// The value of a function of a model, with its gradients at the model's parameters that learn and whatever else the
/// function gives back, such as logits for a metric.
///
/// ```swift
/// let (loss, gradients, logits) = valueAndGradient(of: model) { model in
///   let logits = model(images, .training(step: step, seed: seed))
///   return (softmaxCrossEntropy(logits, labels), logits)
/// }
/// ```
/// The value must have one element. The result is not tracked.
public func valueAndGradient<M: Module, Extra, Failure: Error>(
  of model: M, _ function: (M) throws(Failure) -> (Tensor, Extra)
) throws(Failure) -> (value: Tensor, gradients: Gradients, extra: Extra) {
  try valueAndGradient(with: model.learningParameters) { () throws(Failure) in try function(model) }
}

/// The value of a function of a model, with its gradients at the model's parameters that learn.
public func valueAndGradient<M: Module, Failure: Error>(
  of model: M, _ function: (M) throws(Failure) -> Tensor
) throws(Failure) -> (value: Tensor, gradients: Gradients) {
  let (value, gradients, _) = try valueAndGradient(with: model.learningParameters) { () throws(Failure) in
    (try function(model), ())
  }
  return (value, gradients)
}

/// The value of a function with its gradients at parameters, for a training loop that looked them up once.
public func valueAndGradient<Extra, Failure: Error>(
  with parameters: [NamedParameter], _ function: () throws(Failure) -> (Tensor, Extra)
) throws(Failure) -> (value: Tensor, gradients: Gradients, extra: Extra) {
  let values = parameters.map(\.parameter.value)
  defer { for (named, value) in zip(parameters, values) { named.parameter.value = value } }
  var extra: Extra?
  let (value, tensors) = try valueAndGradient(at: values) { (tracked) throws(Failure) in
    for (named, value) in zip(parameters, tracked) { named.parameter.value = value }
    let result = try function()
    extra = result.1
    return result.0
  }
  return (value, Gradients(names: parameters.map(\.name), tensors: tensors), extra!)
}
