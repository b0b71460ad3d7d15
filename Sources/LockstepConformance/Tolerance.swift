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

  /// What an operation's accuracy allows. Results of one rounding must be equal, since the oracle's are.
  init(_ accuracy: Accuracy, of operation: Operation) {
    self =
      switch accuracy {
      case .bits: .bits
      case .equal, .rounded: .equal
      case .ulps(let count): .ulps(float32: count, float64: count)
      case .accumulated(let terms): .accumulated(terms: terms)
      case .bounded: .bounded(operation)
      }
  }

  /// The operation's own bounds.
  static func bounded(_ operation: Operation) -> Tolerance { .scaled { operation.errorBounds($0) } }

  /// What rounding may cost where numbers are subnormal, however small they are.
  static func underflow(_ dtype: DType) -> Double { 2 * dtype.leastNonzeroMagnitude }
}
