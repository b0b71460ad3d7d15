/// A tensor in the host's memory, on no device: what goes into an operation and what comes out of it.
public struct TensorValue: Hashable, Sendable {
  /// The shape and the dtype.
  public let spec: TensorSpec
  /// The elements, row-major, in the host's byte order.
  public let bytes: [UInt8]

  /// Creates a value; traps unless the bytes fill the specification.
  public init(_ spec: TensorSpec, bytes: [UInt8]) {
    trap(unless: bytes.count == spec.byteCount, "\(bytes.count) bytes do not fill \(spec)")
    self.spec = spec
    self.bytes = bytes
  }

  /// Creates a floating-point value, rounding the elements to its type.
  public init(_ spec: TensorSpec, reals: [Double]) {
    switch spec.dtype {
    case .float32: self.init(spec, elements: reals.map { Float($0) })
    case .float64: self.init(spec, elements: reals)
    default: trap("reals for \(spec)")
    }
  }

  /// Creates a value of any type; integers wrap around at its width, and all but 0 are true.
  public init(_ spec: TensorSpec, integers: [Int64]) {
    switch spec.dtype {
    case .float32: self.init(spec, elements: integers.map { Float($0) })
    case .float64: self.init(spec, elements: integers.map { Double($0) })
    case .int64: self.init(spec, elements: integers)
    case .int32: self.init(spec, elements: integers.map { Int32(truncatingIfNeeded: $0) })
    case .uint8: self.init(spec, elements: integers.map { UInt8(truncatingIfNeeded: $0) })
    case .bool: self.init(spec, elements: integers.map { $0 == 0 ? 0 : 1 as UInt8 })
    }
  }

  private init<Element: BitwiseCopyable>(_ spec: TensorSpec, elements: [Element]) {
    self.init(spec, bytes: elements.withUnsafeBytes { [UInt8]($0) })
  }

  /// The elements of a floating-point value, exactly.
  public var reals: [Double] {
    switch spec.dtype {
    case .float32: elements(Float.self).map { Double($0) }
    case .float64: elements(Double.self)
    default: trap("reals of \(spec)")
    }
  }

  /// The elements of an integer or bool value, exactly.
  public var integers: [Int64] {
    switch spec.dtype {
    case .int64: elements(Int64.self)
    case .int32: elements(Int32.self).map { Int64($0) }
    case .uint8, .bool: elements(UInt8.self).map { Int64($0) }
    case .float32, .float64: trap("integers of \(spec)")
    }
  }

  /// The value with every element's sign removed; integers and bool are left alone.
  public var magnitudes: TensorValue {
    spec.dtype.isFloatingPoint ? TensorValue(spec, reals: reals.map { $0.magnitude }) : self
  }

  private func elements<Element: BitwiseCopyable>(_ type: Element.Type) -> [Element] {
    bytes.withUnsafeBytes { raw in Array(raw.bindMemory(to: type)) }
  }
}
