public import LockstepCore

/// An operand of a case: what it is, and what it is filled with.
public struct CaseInput: Sendable {
  /// What elements are drawn from.
  public enum Contents: Sendable {
    /// Real numbers of an interval, each equally likely.
    case uniform(ClosedRange<Double>)
    /// Whole numbers of an interval: sums of their products are exact in any order.
    case whole(ClosedRange<Int>)
    /// Different multiples of 1/64 around zero, shuffled: no ties.
    case distinct
    /// The numbers given, in this order, over and over.
    case reals([Double])
    /// The integers given, in this order, over and over.
    case integers([Int64])
    /// For every window of a pooling the position of one of its taps inside the image.
    case positions(Pooling, height: Int, width: Int)
  }

  /// The shape and the dtype.
  public let spec: TensorSpec
  /// What the elements are drawn from.
  public let contents: Contents

  /// Creates an operand.
  public init(_ shape: Shape, _ dtype: DType, _ contents: Contents) {
    spec = TensorSpec(shape, dtype)
    self.contents = contents
  }

  /// Random numbers repeat after this many, since drawing them is slow in debug builds. A prime, so that
  /// what is a row or a tile apart differs.
  private static let period = 4099

  func makeValue(_ stream: inout RandomStream) -> TensorValue {
    let count = spec.shape.count
    switch contents {
    case .uniform(let range):
      let width = range.upperBound - range.lowerBound
      let values = (0..<min(count, Self.period)).map { _ in
        range.lowerBound + width * Double(stream.uniform())
      }
      return TensorValue(spec, reals: (0..<count).map { values[$0 % values.count] })
    case .whole(let range):
      let values = (0..<min(count, Self.period)).map { _ in
        Int64(range.lowerBound + stream.next(below: range.count))
      }
      return TensorValue(spec, integers: (0..<count).map { values[$0 % values.count] })
    case .distinct:
      let order = Self.shuffled(count, &stream)
      return spec.dtype.isFloatingPoint
        ? TensorValue(spec, reals: order.map { Double($0 - count / 2) / 64 })
        : TensorValue(spec, integers: order.map { Int64($0 - count / 2) })
    case .reals(let values):
      return TensorValue(spec, reals: (0..<count).map { values[$0 % values.count] })
    case .integers(let values):
      return TensorValue(spec, integers: (0..<count).map { values[$0 % values.count] })
    case .positions(let pooling, let height, let width):
      return TensorValue(spec, integers: positions(pooling, height, width, &stream))
    }
  }

  private static func shuffled(_ count: Int, _ stream: inout RandomStream) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, stream.next(below: last + 1)) }
    return order
  }

  private func positions(
    _ pooling: Pooling, _ height: Int, _ width: Int, _ stream: inout RandomStream
  ) -> [Int64] {
    let (stride, padding) = (pooling.geometry.stride, pooling.geometry.padding)
    let shape = spec.shape
    return (0..<shape.count).map { element in
      let window = element / shape[3]
      let top = window / shape[2] % shape[1] * stride.height - padding.top
      let left = window % shape[2] * stride.width - padding.left
      let rows = max(top, 0)..<min(top + pooling.kernel.height, height)
      let columns = max(left, 0)..<min(left + pooling.kernel.width, width)
      let row = rows.lowerBound + stream.next(below: rows.count)
      let column = columns.lowerBound + stream.next(below: columns.count)
      return Int64(row * width + column)
    }
  }
}

extension CaseInput.Contents {
  /// Zeros of both signs, ones, subnormal, smallest, largest and infinite numbers, and NaN.
  static func special(_ dtype: DType) -> CaseInput.Contents {
    let isSingle = dtype == .float32
    let tiny = isSingle ? Double(Float.leastNonzeroMagnitude) : .leastNonzeroMagnitude
    let subnormal = isSingle ? 0x1.8p-130 : 0x1.8p-1030
    let normal = isSingle ? Double(Float.leastNormalMagnitude) : .leastNormalMagnitude
    let largest = isSingle ? Double(Float.greatestFiniteMagnitude) : .greatestFiniteMagnitude
    let magnitudes = [
      0, tiny, subnormal, normal, 1e-20, 0.3, 0.5, 1, 1.5, 2.5, 7, 90, 1e10, largest, .infinity,
    ]
    return .reals(magnitudes + magnitudes.map { -$0 } + [.nan])
  }

  /// The smallest and the largest integers of a type, and those around zero.
  static func extremes(_ dtype: DType) -> CaseInput.Contents {
    switch dtype {
    case .int64: .integers([.min, .min + 1, -7, -2, -1, 0, 1, 2, 7, 3_037_000_500, .max - 1, .max])
    case .int32:
      .integers([
        Int64(Int32.min), Int64(Int32.min) + 1, -7, -2, -1, 0, 1, 2, 7, 46_341, Int64(Int32.max) - 1,
        Int64(Int32.max),
      ])
    case .uint8: .integers([0, 1, 2, 7, 16, 127, 128, 254, 255])
    case .bool: .integers([0, 1, 1, 0, 1])
    case .float32, .float64: .special(dtype)
    }
  }

  /// Ordinary elements of any type.
  static func ordinary(_ dtype: DType) -> CaseInput.Contents {
    switch dtype {
    case .float32, .float64: .uniform(-2...2)
    case .int64, .int32: .whole(-1000...1000)
    case .uint8: .whole(0...255)
    case .bool: .whole(0...1)
    }
  }
}
