import LockstepCore

/// Random numbers from [0, 1) as bytes of a type: the same for every backend, machine and day.
struct RandomNumbers {
  /// The seed of all experiments on mechanisms; any is as good.
  static let seed: UInt64 = 20_201_110

  private let dtype: DType
  private let bytes: [UInt8]

  init(count: Int, _ dtype: DType, index: UInt64 = 0) {
    var stream = RandomStream(seed: Self.seed, purpose: .experiment, index: index)
    self.dtype = dtype
    switch dtype {
    case .float64:
      bytes = (0..<count).map { _ in stream.openUniform() }.withUnsafeBytes { [UInt8]($0) }
    default:
      trap(unless: dtype == .float32, "random numbers of \(dtype)")
      bytes = (0..<count).map { _ in stream.uniform() }.withUnsafeBytes { [UInt8]($0) }
    }
  }

  /// A tensor of the numbers from an index on.
  func tensor(_ shape: Shape, from start: Int, on device: Device) -> Tensor {
    bytes.withUnsafeBytes { bytes in
      let first = start * dtype.byteCount
      let part = UnsafeRawBufferPointer(rebasing: bytes[first..<first + shape.count * dtype.byteCount])
      return Tensor(bytes: part, spec: TensorSpec(shape, dtype), on: device)
    }
  }

  /// A number, exactly.
  subscript(index: Int) -> Double {
    bytes.withUnsafeBytes { bytes in
      dtype == .float64
        ? bytes.loadUnaligned(fromByteOffset: 8 * index, as: Double.self)
        : Double(bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self))
    }
  }
}
