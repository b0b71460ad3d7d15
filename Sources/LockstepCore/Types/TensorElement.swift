/// A Swift type whose values fill a tensor: `Float`, `Double`, `Int`, `Int64`, `Int32`, `UInt8` or `Bool`.
///
/// Every conforming type is trivial and has the memory layout its `dtype` says, so arrays of it are
/// uploaded and downloaded as bytes.
public protocol TensorElement: BitwiseCopyable, Sendable {
  /// The element type of a tensor made from values of this type.
  static var dtype: DType { get }

  /// The value as the scalar operand of an operation.
  var scalar: Scalar { get }
}

/// A single number, exact for every dtype: the payload of ``Operation/fill(_:)``.
public enum Scalar: Hashable, Sendable {
  /// A whole number, as the elements of `int64`, `int32`, `uint8` and `bool` (0 or 1) are.
  case integer(Int64)
  /// A real number, as the elements of `float64` and `float32` are.
  case real(Double)

  /// The nearest `Double`.
  public var doubleValue: Double {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    }
  }

  /// Whether `dtype` can hold the value without changing its kind: a real with a fraction fits no integer.
  public func fits(_ dtype: DType) -> Bool {
    switch self {
    case .integer(let value):
      switch dtype {
      case .float32, .float64, .int64: true
      case .int32: Int32(exactly: value) != nil
      case .uint8: UInt8(exactly: value) != nil
      case .bool: value == 0 || value == 1
      }
    case .real(let value):
      dtype.isFloatingPoint || (Int64(exactly: value).map { Scalar.integer($0).fits(dtype) } ?? false)
    }
  }
}

extension Scalar: CustomStringConvertible {
  /// The number as Swift prints it.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    }
  }
}

extension Float: TensorElement {
  /// `float32`.
  public static var dtype: DType { .float32 }
  /// The same number as an operand.
  public var scalar: Scalar { .real(Double(self)) }
}

extension Double: TensorElement {
  /// `float64`.
  public static var dtype: DType { .float64 }
  /// The same number as an operand.
  public var scalar: Scalar { .real(self) }
}

extension Int64: TensorElement {
  /// `int64`.
  public static var dtype: DType { .int64 }
  /// The same number as an operand.
  public var scalar: Scalar { .integer(self) }
}

extension Int: TensorElement {
  /// `int64`.
  public static var dtype: DType { .int64 }
  /// The same number as an operand.
  public var scalar: Scalar { .integer(Int64(self)) }
}

extension Int32: TensorElement {
  /// `int32`.
  public static var dtype: DType { .int32 }
  /// The same number as an operand.
  public var scalar: Scalar { .integer(Int64(self)) }
}

extension UInt8: TensorElement {
  /// `uint8`.
  public static var dtype: DType { .uint8 }
  /// The same number as an operand.
  public var scalar: Scalar { .integer(Int64(self)) }
}

extension Bool: TensorElement {
  /// `bool`.
  public static var dtype: DType { .bool }
  /// The same number as an operand; true is 1.
  public var scalar: Scalar { .integer(self ? 1 : 0) }
}
