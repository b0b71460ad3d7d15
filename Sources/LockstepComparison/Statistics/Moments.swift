extension [Double] {
  /// The arithmetic mean; NaN of none.
  package var mean: Double { isEmpty ? .nan : reduce(0, +) / Double(count) }

  /// The variance of the population they are a sample of, Σ(x − mean)² / (n − 1); NaN of fewer than two.
  var variance: Double {
    guard count > 1 else { return .nan }
    let mean = mean
    return reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
  }

  /// The square root of ``variance``.
  package var standardDeviation: Double { variance.squareRoot() }
}
