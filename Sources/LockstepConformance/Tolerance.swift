public import LockstepCore

/// How far a floating-point result may lie from the oracle's. Integers and bool must always be equal.
///
/// u is half the distance from 1 to the next number: 2⁻²⁴ in float32, 2⁻⁵³ in float64.
public enum Tolerance: Sendable {
  /// The same bits, the sign of zero included; one NaN is as good as another. For what only moves elements.
  case bits
  /// The same number, where both zeros are the same. For what IEEE 754 defines to the last bit.
  case equal
  /// At most so many representable numbers apart.
  case ulps(float32: Int, float64: Int)
  /// For sums of `terms` products: the usual rounding error is √terms · u times the sum of the terms'
  /// magnitudes, and can't exceed (terms + 2) · u times it. Allowed is the smaller of four times the former,
  /// and the latter with some room.
  case accumulated(terms: Int)
  /// u times a bound worked out for every element of every output from the inputs.
  case scaled(@Sendable ([TensorValue]) -> [[Double]])

  /// Allowed for functions that are approximated: four times the distance of neighbouring numbers.
  static let approximated = Tolerance.ulps(float32: 4, float64: 4)

  static func accumulationFactor(terms: Int) -> Double {
    let terms = Double(Swift.max(terms, 1))
    return Swift.min(4 * terms.squareRoot(), terms + 2) + 2
  }

  /// What rounding may cost where numbers are subnormal, however small they are.
  static func underflow(_ dtype: DType) -> Double {
    2 * (dtype == .float32 ? Double(Float.leastNonzeroMagnitude) : .leastNonzeroMagnitude)
  }

  static func unitRoundoff(_ dtype: DType) -> Double { dtype == .float32 ? 0x1p-24 : 0x1p-53 }
}
