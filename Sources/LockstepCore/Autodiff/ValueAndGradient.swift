/// The value of a function and its gradients at tensors, by reverse-mode differentiation.
///
/// ```swift
/// let (value, gradients) = valueAndGradient(at: [x, y]) { ($0[0] * $0[1]).sum() }
/// ```
/// The value must be one floating-point number; a tensor it doesn't depend on has a gradient of zeros. Gradients
/// are of first order: they are themselves not tracked, and taking one of another traps. Integer and bool tensors
/// can't be differentiated at: that traps, too.
public func valueAndGradient<Failure: Error>(
  at tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line,
  of function: ([Tensor]) throws(Failure) -> Tensor
) throws(Failure) -> (value: Tensor, gradients: [Tensor]) {
  let tape = Tape()
  defer { tape.finish() }
  let tracked = tensors.map { tensor in
    trap(
      unless: tensor.dtype.isFloatingPoint, "no gradient at a tensor of \(tensor.dtype)", file: file,
      line: line)
    trap(
      unless: !tensor.isTracked, "gradient: a tensor is tracked already, \(Tape.nestingAdvice)", file: file,
      line: line)
    return tape.tracking(tensor)
  }
  let value = try function(tracked)
  trap(
    unless: value.count == 1 && value.dtype.isFloatingPoint,
    "only a single floating-point number has a gradient, this is \(value.spec): reduce it with mean()",
    file: file, line: line)
  trap(
    unless: !value.isTracked || value.node?.tape === tape,
    "gradient: the value comes from another one, \(Tape.nestingAdvice)", file: file, line: line)
  return (value.detached(), tape.gradients(of: value, at: tracked))
}

/// The gradient of a function at one tensor.
public func gradient<Failure: Error>(
  at tensor: Tensor, file: StaticString = #fileID, line: UInt = #line,
  of function: (Tensor) throws(Failure) -> Tensor
) throws(Failure) -> Tensor {
  try valueAndGradient(at: [tensor], file: file, line: line) { (tensors) throws(Failure) in
    try function(tensors[0])
  }.gradients[0]
}
