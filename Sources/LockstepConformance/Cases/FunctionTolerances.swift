import LockstepCore

extension UnaryFunction {
  /// How exactly a backend must compute the function.
  var tolerance: Tolerance {
    switch self {
    case .negate, .absolute: .bits
    case .square, .sign, .relu, .sqrt, .reciprocal, .floor, .ceil, .round, .logicalNot: .equal
    // A quotient of a rounded root.
    case .rsqrt: .ulps(float32: 2, float64: 2)
    case .exp, .expm1, .log, .log1p, .tanh, .sigmoid, .softplus, .erf, .sin, .cos: .approximated
    }
  }

  /// Where networks use the function.
  var ordinaryDomain: ClosedRange<Double> {
    switch self {
    case .log, .sqrt, .rsqrt: 0.01...10
    case .log1p: -0.9...10
    case .reciprocal: 0.1...4
    case .exp, .expm1, .tanh, .sigmoid, .softplus, .erf: -8...8
    default: -4...4
    }
  }

  /// Where the function over- and underflows, saturates or has to reduce its argument.
  var wideDomain: ClosedRange<Double> {
    switch self {
    case .log, .log1p, .sqrt, .rsqrt: 0...1e30
    case .exp, .expm1: -110...90
    case .sigmoid, .softplus: -120...120
    case .tanh, .erf: -30...30
    case .sin, .cos: -10_000...10_000
    default: -1e30...1e30
    }
  }
}

extension BinaryFunction {
  /// How exactly a backend must compute the function.
  var tolerance: Tolerance {
    switch self {
    case .power: .approximated
    // Three products and a difference that does not cancel.
    case .sigmoidGradient: .approximated
    // 1 − y² cancels where y is near ±1, so the error is relative to 1 + y².
    case .tanhGradient:
      .scaled { inputs in
        let result = Shape.broadcast(inputs[0].spec.shape, inputs[1].spec.shape)!
        let y = repeated(inputs[0], to: result)
        let g = repeated(inputs[1], to: result)
        return [zip(y, g).map { 4 * $1.magnitude * (1 + $0 * $0) }]
      }
    default: .equal
    }
  }

  /// Elements the function is made for.
  func ordinaryOperands(_ dtype: DType) -> (left: CaseInput.Contents, right: CaseInput.Contents) {
    switch self {
    case .power: (.uniform(0.1...4), .uniform(-3...3))
    case .divide where dtype.isFloatingPoint: (.uniform(-2...2), .uniform(0.5...4))
    case .reluGradient: (.uniform(-1...2), .uniform(-2...2))
    case .tanhGradient: (.uniform(-1...1), .uniform(-2...2))
    case .sigmoidGradient: (.uniform(0...1), .uniform(-2...2))
    // Few different values, so that some are equal.
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: (.whole(0...3), .whole(0...3))
    default: (.ordinary(dtype), .ordinary(dtype))
    }
  }
}

/// A value's elements, repeated to fill a shape by the rule of broadcasting.
private func repeated(_ value: TensorValue, to shape: Shape) -> [Double] {
  let values = value.reals
  let source = value.spec.shape
  let (strides, own) = (shape.strides, source.strides)
  let added = shape.rank - source.rank
  return (0..<shape.count).map { element in
    var offset = 0
    for axis in source.dimensions.indices where source.dimensions[axis] != 1 {
      offset += element / strides[axis + added] % source.dimensions[axis] * own[axis]
    }
    return values[offset]
  }
}
