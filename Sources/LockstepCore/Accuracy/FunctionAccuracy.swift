extension UnaryFunction {
  /// How exactly a backend must compute the function of a real number.
  package var accuracy: Accuracy {
    switch self {
    case .negate, .absolute: .bits
    case .sign, .relu, .floor, .ceil, .round, .logicalNot: .equal
    case .square, .sqrt, .reciprocal: .rounded
    // A quotient of a rounded root.
    case .rsqrt: .ulps(2)
    case .exp, .expm1, .log, .log1p, .tanh, .sigmoid, .softplus, .erf, .sin, .cos: .approximated
    }
  }
}

extension BinaryFunction {
  /// How exactly a backend must compute the function of two real numbers.
  package var accuracy: Accuracy {
    switch self {
    case .add, .subtract, .multiply, .divide, .addReLU: .rounded
    case .power: .approximated
    case .maximum, .minimum, .reluGradient: .equal
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: .equal
    case .logicalAnd, .logicalOr: .equal
    // Three products and a difference that does not cancel.
    case .sigmoidGradient: .approximated
    // 1 − y² cancels where y is near ±1, so the error is relative to 1 + y².
    case .tanhGradient: .bounded
    }
  }
}
