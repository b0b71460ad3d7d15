#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A row of logits with its softmax, and how exactly that can be computed, in units of u.
struct SoftmaxRow {
  let probabilities: [Double]
  let logarithms: [Double]
  /// Bounds of the probabilities' error.
  let probabilityErrors: [Double]
  /// Bounds of the logarithms' error.
  let logarithmErrors: [Double]

  /// Rounding x − max costs its magnitude as a relative error of the exponential; the exponential itself
  /// costs 4 ulp; the sum costs what its additions do.
  init(_ logits: ArraySlice<Double>, smallest: Double) {
    let largest = logits.max() ?? 0
    let distances = logits.map { $0 - largest }
    let total = distances.reduce(0) { $0 + exp($1) }
    let sumError = Accuracy.accumulationFactor(terms: logits.count) + log(Double(logits.count)) + 14
    probabilities = distances.map { exp($0) / total }
    logarithms = distances.map { $0 - log(total) }
    // A probability below the smallest normal number may as well be 0.
    probabilityErrors = zip(probabilities, distances).map { probability, distance in
      (probability == 0 ? 0 : probability * (sumError - distance)) + smallest
    }
    logarithmErrors = zip(logarithms, distances).map { sumError + 2 * log(total) + $0.magnitude - $1 }
  }

  /// The rows of a value's last axis.
  static func rows(_ value: TensorValue) -> [SoftmaxRow] {
    let smallest = value.spec.dtype.leastNormalMagnitude / value.spec.dtype.unitRoundoff
    return slices(value).map { SoftmaxRow($0, smallest: smallest) }
  }

  /// The elements of every row of a value's last axis.
  static func slices(_ value: TensorValue) -> [ArraySlice<Double>] {
    let values = value.reals
    let width = value.spec.shape[-1]
    guard width > 0 else { return [] }
    return stride(from: 0, to: values.count, by: width).map { values[$0..<($0 + width)] }
  }
}
