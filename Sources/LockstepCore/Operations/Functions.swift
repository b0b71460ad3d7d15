/// Functions of one element, by their mathematical definition. Raw values are part of the kernel format.
///
/// All are defined on floating-point tensors; `negate`, `absolute`, `square`, `sign` and `relu` on integers
/// too, and `logicalNot` on bool alone.
public enum UnaryFunction: UInt8, Hashable, Sendable, CaseIterable {
  /// −x.
  case negate = 0
  /// |x|.
  case absolute = 1
  /// x².
  case square = 2
  /// −1, 0 or 1; NaN stays NaN.
  case sign = 3
  /// max(x, 0); NaN stays NaN.
  case relu = 4
  /// eˣ.
  case exp = 5
  /// exp(x) − 1.
  case expm1 = 6
  /// The natural logarithm; −∞ of 0, NaN of less.
  case log = 7
  /// log(1 + x).
  case log1p = 8
  /// √x; NaN below 0.
  case sqrt = 9
  /// 1 / √x.
  case rsqrt = 10
  /// 1 / x.
  case reciprocal = 11
  /// The hyperbolic tangent.
  case tanh = 12
  /// 1 / (1 + exp(−x)).
  case sigmoid = 13
  /// log(1 + exp(x)).
  case softplus = 14
  /// 2/√π · ∫₀ˣ exp(−t²) dt.
  case erf = 15
  /// The sine of an angle in radians.
  case sin = 16
  /// The cosine of an angle in radians.
  case cos = 17
  /// The largest integer not above x.
  case floor = 18
  /// The smallest integer not below x.
  case ceil = 19
  /// To the nearest integer, halves to the even one.
  case round = 20
  /// True of false, false of true.
  case logicalNot = 21

  /// Whether the function takes elements of a type; the result has the same type.
  public func supports(_ dtype: DType) -> Bool {
    switch self {
    case .negate, .absolute, .square, .sign, .relu: dtype.isNumeric
    case .logicalNot: dtype == .bool
    default: dtype.isFloatingPoint
    }
  }
}

/// Functions of two elements of one type. Raw values are part of the kernel format.
///
/// Integer arithmetic wraps around. Integer division truncates towards zero, and division by zero gives 0.
public enum BinaryFunction: UInt8, Hashable, Sendable, CaseIterable {
  /// lhs + rhs.
  case add = 0
  /// lhs − rhs.
  case subtract = 1
  /// lhs · rhs.
  case multiply = 2
  /// lhs / rhs.
  case divide = 3
  /// lhs to the power of rhs; floating point only.
  case power = 4
  /// The larger; NaN if either is.
  case maximum = 5
  /// The smaller; NaN if either is.
  case minimum = 6
  /// Whether lhs = rhs; false with NaN, as are the comparisons below.
  case equal = 7
  /// Whether lhs ≠ rhs; true with NaN.
  case notEqual = 8
  /// Whether lhs < rhs.
  case less = 9
  /// Whether lhs ≤ rhs.
  case lessOrEqual = 10
  /// Whether lhs > rhs.
  case greater = 11
  /// Whether lhs ≥ rhs.
  case greaterOrEqual = 12
  /// Whether both are true.
  case logicalAnd = 13
  /// Whether either is true.
  case logicalOr = 14
  /// `(y, g)`: g where y > 0, else 0, with y = relu(x).
  case reluGradient = 15
  /// `(y, g)`: g · (1 − y²), with y = tanh(x).
  case tanhGradient = 16
  /// `(y, g)`: g · y · (1 − y), with y = sigmoid(x).
  case sigmoidGradient = 17
  /// max(lhs + rhs, 0); NaN stays NaN. Floating point only.
  case addReLU = 18

  /// True where the result is bool.
  public var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }

  /// Whether the function takes elements of a type.
  public func supports(_ dtype: DType) -> Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .maximum, .minimum: dtype.isNumeric
    case .less, .lessOrEqual, .greater, .greaterOrEqual: dtype.isNumeric
    case .equal, .notEqual: true
    case .logicalAnd, .logicalOr: dtype == .bool
    case .power, .reluGradient, .tanhGradient, .sigmoidGradient, .addReLU: dtype.isFloatingPoint
    }
  }
}

/// How ``Operation/reduce(_:axes:)`` combines elements. Raw values are part of the kernel format.
public enum Reduction: UInt8, Hashable, Sendable, CaseIterable {
  /// 0 of no elements. Integers wrap around.
  case sum = 0
  /// Floating point only; NaN of no elements.
  case mean = 1
  /// NaN if any is; of no elements it traps.
  case max = 2
  /// NaN if any is; of no elements it traps.
  case min = 3
  /// The sum of x², in one pass; floating point only. 0 of no elements.
  case sumOfSquares = 4
}

/// Which extreme ``Operation/argReduce(_:axis:)`` looks for. Raw values are part of the kernel format.
public enum Extremum: UInt8, Hashable, Sendable, CaseIterable {
  /// The largest.
  case max = 0
  /// The smallest.
  case min = 1
}
