import LockstepCore

/// Operations element by element: broadcast the operands, then apply a function to every element.
extension ReferenceKernels {
  static func unary(
    _ function: UnaryFunction, _ x: ReferenceTensor, _ output: TensorSpec
  ) -> ReferenceTensor {
    if x.spec.dtype.isFloatingPoint {
      return ReferenceTensor(output, reals: x.reals.map(ReferenceFunctions.real(function)))
    }
    return ReferenceTensor(output, integers: x.integers.map(ReferenceFunctions.integer(function)))
  }

  static func binary(
    _ function: BinaryFunction, _ lhs: ReferenceTensor, _ rhs: ReferenceTensor, _ output: TensorSpec
  ) -> ReferenceTensor {
    let shape = output.shape
    if lhs.spec.dtype.isFloatingPoint {
      let left = expand(lhs.reals, from: lhs.shape, to: shape)
      let right = expand(rhs.reals, from: rhs.shape, to: shape)
      if let compare: (Double, Double) -> Bool = ReferenceFunctions.comparison(function) {
        return ReferenceTensor(output, truths: combine(left, right, compare))
      }
      return ReferenceTensor(output, reals: combine(left, right, ReferenceFunctions.real(function)))
    }
    let left = expand(lhs.integers, from: lhs.shape, to: shape)
    let right = expand(rhs.integers, from: rhs.shape, to: shape)
    if let compare: (Int64, Int64) -> Bool = ReferenceFunctions.comparison(function) {
      return ReferenceTensor(output, truths: combine(left, right, compare))
    }
    return ReferenceTensor(output, integers: combine(left, right, ReferenceFunctions.integer(function)))
  }

  static func select(
    _ condition: ReferenceTensor, _ onTrue: ReferenceTensor, _ onFalse: ReferenceTensor,
    _ output: TensorSpec
  ) -> ReferenceTensor {
    let condition = expand(condition.patterns, from: condition.shape, to: output.shape)
    let onTrue = expand(onTrue.patterns, from: onTrue.shape, to: output.shape)
    let onFalse = expand(onFalse.patterns, from: onFalse.shape, to: output.shape)
    let picked = condition.indices.map { condition[$0] != 0 ? onTrue[$0] : onFalse[$0] }
    return ReferenceTensor(output, patterns: picked)
  }

  private static func combine<Value, Result>(
    _ left: [Value], _ right: [Value], _ function: (Value, Value) -> Result
  ) -> [Result] {
    left.indices.map { function(left[$0], right[$0]) }
  }
}
