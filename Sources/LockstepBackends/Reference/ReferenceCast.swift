import LockstepCore

/// Conversion of element types.
extension ReferenceKernels {
  static func cast(_ x: ReferenceTensor, _ output: TensorSpec) -> ReferenceTensor {
    switch (x.spec.dtype.isFloatingPoint, output.dtype) {
    case (true, .float32), (true, .float64):
      ReferenceTensor(output, reals: x.reals)
    case (true, .bool):
      ReferenceTensor(output, truths: x.reals.map { $0 != 0 })
    case (true, _):
      ReferenceTensor(output, integers: x.reals.map { saturated($0, to: output.dtype) })
    case (false, .float32):
      // Straight to Float: by way of Double, large integers would be rounded twice.
      ReferenceTensor(output, patterns: x.integers.map { UInt64(Float($0).bitPattern) })
    case (false, .float64):
      ReferenceTensor(output, reals: x.integers.map { Double($0) })
    case (false, .bool):
      ReferenceTensor(output, truths: x.integers.map { $0 != 0 })
    case (false, _):
      ReferenceTensor(output, integers: x.integers)
    }
  }

  /// The integer part of `value`, or the nearest end of the type's range; 0 for NaN.
  private static func saturated(_ value: Double, to dtype: DType) -> Int64 {
    switch dtype {
    case .int64: saturated(value, to: Int64.self)
    case .int32: saturated(value, to: Int32.self)
    case .uint8: saturated(value, to: UInt8.self)
    case .float32, .float64, .bool: preconditionFailure("saturation to \(dtype)")
    }
  }

  private static func saturated<Integer: FixedWidthInteger>(
    _ value: Double, to type: Integer.Type
  ) -> Int64 {
    if value.isNaN { return 0 }
    let whole = value.rounded(.towardZero)
    if let exact = Integer(exactly: whole) { return Int64(exact) }
    return whole < 0 ? Int64(Integer.min) : Int64(Integer.max)
  }
}
