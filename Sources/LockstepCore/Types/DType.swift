/// The type of a tensor's elements.
///
/// Raw values are part of the kernel and wire formats (`lk_dtype` in `lockstep_kernels.h`).
public enum DType: UInt8, Hashable, Sendable, CaseIterable {
  /// IEEE 754 binary32, a `Float`.
  case float32 = 0
  /// IEEE 754 binary64, a `Double`.
  case float64 = 1
  /// Signed, 64 bits: an `Int64` or an `Int`.
  case int64 = 2
  /// Signed, 32 bits: an `Int32`.
  case int32 = 3
  /// Unsigned, 8 bits: a `UInt8`.
  case uint8 = 4
  /// A byte, 0 or 1: a `Bool`.
  case bool = 5

  /// Bytes an element occupies.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .uint8, .bool: 1
    }
  }

  /// True for `float32` and `float64`, the types gradients flow through.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

  /// True for the integer types; `bool` is not one.
  public var isInteger: Bool { self == .int64 || self == .int32 || self == .uint8 }

  /// True for every type that arithmetic is defined on: all but `bool`.
  public var isNumeric: Bool { self != .bool }
}

extension DType: CustomStringConvertible {
  /// The name NumPy and PyTorch use, such as `float32`.
  public var description: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .int64: "int64"
    case .int32: "int32"
    case .uint8: "uint8"
    case .bool: "bool"
    }
  }
}
