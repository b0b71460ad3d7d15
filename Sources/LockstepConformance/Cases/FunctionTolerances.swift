import LockstepCore

extension UnaryFunction {
  /// How exactly a backend must compute the function.
  var tolerance: Tolerance { Tolerance(accuracy, of: .unary(self)) }

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
  var tolerance: Tolerance { Tolerance(accuracy, of: .binary(self)) }

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
