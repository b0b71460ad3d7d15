import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The functions of one and of two elements, as their documentation defines them.
enum ReferenceFunctions {
  /// A function of one floating-point element.
  static func real(_ function: UnaryFunction) -> (Double) -> Double {
    switch function {
    case .negate: { -$0 }
    case .absolute: { $0.magnitude }
    case .square: { $0 * $0 }
    case .sign: { x in x > 0 ? 1 : x < 0 ? -1 : x }
    case .relu: { x in x < 0 ? 0 : x }
    case .exp: { exp($0) }
    case .expm1: { expm1($0) }
    case .log: { log($0) }
    case .log1p: { log1p($0) }
    case .sqrt: { $0.squareRoot() }
    case .rsqrt: { 1 / $0.squareRoot() }
    case .reciprocal: { 1 / $0 }
    case .tanh: { tanh($0) }
    case .sigmoid: sigmoid
    case .softplus: { x in maximum(x, 0) + log1p(exp(-x.magnitude)) }
    case .erf: { erf($0) }
    case .sin: { sin($0) }
    case .cos: { cos($0) }
    case .floor: { $0.rounded(.down) }
    case .ceil: { $0.rounded(.up) }
    case .round: { $0.rounded(.toNearestOrEven) }
    case .logicalNot: preconditionFailure("\(function) of a real")
    }
  }

  /// A function of one integer or bool element.
  static func integer(_ function: UnaryFunction) -> (Int64) -> Int64 {
    switch function {
    case .negate: { 0 &- $0 }
    case .absolute: { x in x < 0 ? 0 &- x : x }
    case .square: { $0 &* $0 }
    case .sign: { $0.signum() }
    case .relu: { max($0, 0) }
    case .logicalNot: { 1 - $0 }
    default: preconditionFailure("\(function) of an integer")
    }
  }

  /// A function of two floating-point elements.
  static func real(_ function: BinaryFunction) -> (Double, Double) -> Double {
    switch function {
    case .add: { $0 + $1 }
    case .subtract: { $0 - $1 }
    case .multiply: { $0 * $1 }
    case .divide: { $0 / $1 }
    case .power: { pow($0, $1) }
    case .maximum: maximum
    case .minimum: minimum
    case .addReLU: { x, y in x + y <= 0 ? 0 : x + y }
    case .reluGradient: { y, g in y > 0 ? g : 0 }
    case .tanhGradient: { y, g in g * ((1 - y) * (1 + y)) }
    case .sigmoidGradient: { y, g in g * y * (1 - y) }
    default: preconditionFailure("\(function) of reals")
    }
  }

  /// A function of two integer or bool elements.
  static func integer(_ function: BinaryFunction) -> (Int64, Int64) -> Int64 {
    switch function {
    case .add: { $0 &+ $1 }
    case .subtract: { $0 &- $1 }
    case .multiply: { $0 &* $1 }
    case .divide: { lhs, rhs in rhs == 0 ? 0 : lhs.dividedReportingOverflow(by: rhs).partialValue }
    case .maximum: { max($0, $1) }
    case .minimum: { min($0, $1) }
    case .logicalAnd: { $0 & $1 }
    case .logicalOr: { $0 | $1 }
    default: preconditionFailure("\(function) of integers")
    }
  }

  /// The function as a comparison, or nil where it is none.
  static func comparison<Value: Comparable>(_ function: BinaryFunction) -> ((Value, Value) -> Bool)? {
    switch function {
    case .equal: { $0 == $1 }
    case .notEqual: { $0 != $1 }
    case .less: { $0 < $1 }
    case .lessOrEqual: { $0 <= $1 }
    case .greater: { $0 > $1 }
    case .greaterOrEqual: { $0 >= $1 }
    default: nil
    }
  }

  /// The larger of two numbers; NaN if either is.
  static func maximum(_ a: Double, _ b: Double) -> Double {
    if a.isNaN || b.isNaN { return .nan }
    return a < b ? b : a
  }

  /// The smaller of two numbers; NaN if either is.
  static func minimum(_ a: Double, _ b: Double) -> Double {
    if a.isNaN || b.isNaN { return .nan }
    return b < a ? b : a
  }

  /// The exponential of a negative number only: that of a positive one overflows.
  private static func sigmoid(_ x: Double) -> Double {
    let decay = exp(-x.magnitude)
    return x < 0 ? decay / (1 + decay) : 1 / (1 + decay)
  }
}
