public import LockstepCore

/// What the elements of a tensor are like, in double precision.
public struct TensorStatistics: Hashable, Sendable, Codable {
  /// How many elements there are.
  public let count: Int
  /// How many of them are NaN. The other numbers are of the rest.
  public let nanCount: Int
  /// How many of them are infinite. The other numbers are of the rest.
  public let infiniteCount: Int
  /// How many of them are zero.
  public let zeroCount: Int
  /// The smallest; nil of none.
  public let minimum: Double?
  /// The largest; nil of none.
  public let maximum: Double?
  /// The mean; nil of none.
  public let mean: Double?
  /// The standard deviation √(Σ(x − mean)² / n), as `numpy.std`; nil of none.
  public let standardDeviation: Double?
  /// The Euclidean norm √Σx²; 0 of none.
  public let norm: Double

  /// Looks at a tensor's elements; of bool, `true` is 1.
  public init(of value: TensorValue) {
    self.init(
      of: value.spec.dtype.isFloatingPoint ? value.reals : value.integers.map { Double($0) })
  }

  /// Looks at numbers.
  ///
  /// The variance is summed in a second pass over differences from the mean: in one pass it would be a small
  /// difference of large sums.
  public init(of numbers: [Double]) {
    let finite = numbers.filter(\.isFinite)
    count = numbers.count
    nanCount = numbers.count { $0.isNaN }
    infiniteCount = numbers.count - finite.count - nanCount
    zeroCount = finite.count { $0 == 0 }
    minimum = finite.min()
    maximum = finite.max()
    let size = Double(finite.count)
    let mean = finite.isEmpty ? nil : finite.reduce(0) { $0 + $1 / size }
    self.mean = mean
    standardDeviation = mean.map { mean in
      (finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / size).squareRoot()
    }
    norm = finite.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}

extension Safetensors.Entry {
  /// What the elements are like.
  public var statistics: TensorStatistics { TensorStatistics(of: TensorValue(spec, bytes: bytes)) }
}
