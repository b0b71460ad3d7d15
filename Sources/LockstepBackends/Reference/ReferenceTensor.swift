import LockstepCore

/// A tensor in host memory, with its elements seen in one of three ways: as bit patterns (layout), as
/// `Int64` (integers and bool) or as `Double` (floating point).
struct ReferenceTensor {
  let spec: TensorSpec
  /// The elements' bytes; more may follow, since a buffer can be larger than the tensor in it.
  let bytes: [UInt8]

  init(_ spec: TensorSpec, bytes: [UInt8]) {
    precondition(bytes.count >= spec.byteCount, "a buffer of \(bytes.count) bytes is too small for \(spec)")
    self.spec = spec
    self.bytes = bytes
  }

  var shape: Shape { spec.shape }
}

// Reading.

extension ReferenceTensor {
  /// The elements' bits, zero-extended.
  var patterns: [UInt64] {
    switch spec.dtype.byteCount {
    case 8: read(UInt64.self) { $0 }
    case 4: read(UInt32.self) { UInt64($0) }
    default: read(UInt8.self) { UInt64($0) }
    }
  }

  /// The elements of an integer or bool tensor, exactly.
  var integers: [Int64] {
    switch spec.dtype {
    case .int64: read(Int64.self) { $0 }
    case .int32: read(Int32.self) { Int64($0) }
    case .uint8, .bool: read(UInt8.self) { Int64($0) }
    case .float32, .float64: preconditionFailure("integers of \(spec)")
    }
  }

  /// The elements of a floating-point tensor, exactly.
  var reals: [Double] {
    switch spec.dtype {
    case .float32: read(Float.self) { Double($0) }
    case .float64: read(Double.self) { $0 }
    default: preconditionFailure("reals of \(spec)")
    }
  }

  private func read<Element: BitwiseCopyable, Value>(
    _ type: Element.Type, _ convert: (Element) -> Value
  ) -> [Value] {
    let count = spec.shape.count
    return bytes.withUnsafeBytes { raw in
      [Value](unsafeUninitializedCapacity: count) { values, initialized in
        for index in 0..<count {
          let element = raw.load(fromByteOffset: index * MemoryLayout<Element>.size, as: type)
          (values.baseAddress! + index).initialize(to: convert(element))
        }
        initialized = count
      }
    }
  }
}

// Writing.

extension ReferenceTensor {
  /// A tensor of elements given by their bits.
  init(_ spec: TensorSpec, patterns: [UInt64]) {
    let bytes =
      switch spec.dtype.byteCount {
      case 8: Self.write(patterns) { $0 }
      case 4: Self.write(patterns) { UInt32(truncatingIfNeeded: $0) }
      default: Self.write(patterns) { UInt8(truncatingIfNeeded: $0) }
      }
    self.init(spec, bytes: bytes)
  }

  /// An integer tensor; values wrap around at its width. Bool takes 0 and 1.
  init(_ spec: TensorSpec, integers: [Int64]) {
    precondition(!spec.dtype.isFloatingPoint, "integers for \(spec)")
    self.init(spec, patterns: integers.map { UInt64(bitPattern: $0) })
  }

  /// A floating-point tensor; here, and only here, results are rounded to their type.
  init(_ spec: TensorSpec, reals: [Double]) {
    switch spec.dtype {
    case .float32: self.init(spec, bytes: Self.write(reals) { Float($0) })
    case .float64: self.init(spec, bytes: Self.write(reals) { $0 })
    default: preconditionFailure("reals for \(spec)")
    }
  }

  /// A bool tensor.
  init(_ spec: TensorSpec, truths: [Bool]) {
    precondition(spec.dtype == .bool, "truths for \(spec)")
    self.init(spec, bytes: Self.write(truths) { $0 ? 1 : 0 as UInt8 })
  }

  private static func write<Value, Element: BitwiseCopyable>(
    _ values: [Value], _ convert: (Value) -> Element
  ) -> [UInt8] {
    let width = MemoryLayout<Element>.size
    return [UInt8](unsafeUninitializedCapacity: values.count * width) { bytes, initialized in
      let raw = UnsafeMutableRawBufferPointer(bytes)
      for index in values.indices {
        raw.storeBytes(of: convert(values[index]), toByteOffset: index * width, as: Element.self)
      }
      initialized = values.count * width
    }
  }
}
