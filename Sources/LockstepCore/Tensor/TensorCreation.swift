extension Tensor {
  /// A tensor of the values given, in row-major order. `[Float]` makes float32, `[Double]` float64, `[Int]`
  /// int64. Traps if the values don't fill the shape.
  public init<Element: TensorElement>(
    _ values: [Element], shape: Shape? = nil, on device: Device = .default,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let shape = shape ?? [values.count]
    trap(
      unless: values.count == shape.count, "\(values.count) values do not fill shape \(shape)", file: file,
      line: line)
    let spec = TensorSpec(shape, Element.dtype)
    let storage = TensorStorage(device: device, buffer: device.allocate(spec))
    values.withUnsafeBytes { device.upload($0, to: storage.buffer) }
    self.init(storage: storage, spec: spec)
  }

  /// A tensor of elements given as bytes in the host's order: what a file or another library holds. Traps if
  /// they don't fill the shape, or a bool is neither 0 nor 1.
  public init(
    bytes: UnsafeRawBufferPointer, spec: TensorSpec, on device: Device = .default,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    trap(
      unless: bytes.count == spec.byteCount, "\(bytes.count) bytes do not fill \(spec)", file: file,
      line: line)
    trap(
      unless: spec.dtype != .bool || bytes.allSatisfy { $0 <= 1 }, "a bool is a byte of 0 or 1", file: file,
      line: line)
    let storage = TensorStorage(device: device, buffer: device.allocate(spec))
    device.upload(bytes, to: storage.buffer)
    self.init(storage: storage, spec: spec)
  }

  /// A scalar: a tensor of shape `[]`.
  public init<Element: TensorElement>(_ value: Element, on device: Device = .default) {
    self.init([value], shape: [], on: device)
  }

  /// A scalar of a dtype that it fits. It is uploaded, if it is not there yet: an instruction to fill one element
  /// costs more.
  init(scalar: Scalar, dtype: DType, on device: Device) {
    switch (dtype, scalar) {
    case (.float32, .integer(let value)): self.init(element: Float(value), on: device)
    case (.float32, .real(let value)): self.init(element: Float(value), on: device)
    case (.float64, _): self.init(element: scalar.doubleValue, on: device)
    case (_, .integer(let value)): self.init(integer: value, dtype: dtype, on: device)
    case (_, .real(let value)): self.init(integer: Int64(value), dtype: dtype, on: device)
    }
  }

  private init(integer value: Int64, dtype: DType, on device: Device) {
    switch dtype {
    case .int64: self.init(element: value, on: device)
    case .int32: self.init(element: Int32(value), on: device)
    case .uint8: self.init(element: UInt8(value), on: device)
    case .bool: self.init(element: value != 0, on: device)
    case .float32, .float64: trap("\(dtype) is no integer type")
    }
  }

  private init<Element: TensorElement>(element: Element, on device: Device) {
    var bits: UInt64 = 0
    withUnsafeMutableBytes(of: &bits) { $0.storeBytes(of: element, as: Element.self) }
    let (buffer, isKept) = device.constant(bits, Element.dtype)
    self.init(
      storage: TensorStorage(device: device, buffer: buffer, isConstant: isKept),
      spec: TensorSpec([], Element.dtype))
  }

  /// A tensor with every element the same.
  public static func full<Element: TensorElement>(
    _ shape: Shape, _ value: Element, dtype: DType = Element.dtype, on device: Device = .default
  ) -> Tensor {
    apply(.fill(Fill(value.scalar, shape, dtype)), [], on: device)[0]
  }

  /// A tensor of zeros.
  public static func zeros(
    _ shape: Shape, dtype: DType = .float32, on device: Device = .default
  ) -> Tensor {
    full(shape, 0, dtype: dtype, on: device)
  }

  /// A tensor of ones.
  public static func ones(
    _ shape: Shape, dtype: DType = .float32, on device: Device = .default
  ) -> Tensor {
    full(shape, 1, dtype: dtype, on: device)
  }

  /// The whole numbers of a range, as a vector; those that `dtype` can't hold are converted as by
  /// ``asType(_:file:line:)``.
  public static func range(
    _ range: Range<Int>, dtype: DType = .int64, on device: Device = .default
  ) -> Tensor {
    Tensor(Array(range), on: device).asType(dtype)
  }

  /// The identity matrix.
  public static func eye(
    _ size: Int, dtype: DType = .float32, on device: Device = .default
  ) -> Tensor {
    let column = range(0..<size, on: device).reshaped([size, 1])
    return (column == column.transposed()).asType(dtype)
  }

  /// Random float32 numbers from [low, high), from the host's counter-based generator: the same on every device.
  public static func uniform(
    _ shape: Shape, in range: Range<Float> = 0..<1, using stream: inout RandomStream,
    on device: Device = .default
  ) -> Tensor {
    let width = range.upperBound - range.lowerBound
    trap(unless: !range.isEmpty && width.isFinite, "uniform: no numbers can be drawn from \(range)")
    let values = (0..<shape.count).map { _ in
      // The sum may round up to the bound that is excluded.
      Swift.min(range.lowerBound + width * stream.uniform(), range.upperBound.nextDown)
    }
    return Tensor(values, shape: shape, on: device)
  }

  /// Normally distributed random float32 numbers, from the host's counter-based generator: the same on every device.
  public static func normal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, using stream: inout RandomStream,
    on device: Device = .default
  ) -> Tensor {
    let values = (0..<shape.count).map { _ in Float(mean + standardDeviation * stream.normal()) }
    return Tensor(values, shape: shape, on: device)
  }
}
