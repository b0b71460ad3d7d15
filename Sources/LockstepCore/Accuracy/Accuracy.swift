/// How exactly an operation can be computed, and so how exactly a backend must.
///
/// u is half the distance from 1 to the next number: 2⁻²⁴ in float32, 2⁻⁵³ in float64.
package enum Accuracy: Hashable, Sendable {
  /// The same bits, the sign of zero included; one NaN is as good as another. For what only moves elements.
  case bits
  /// The same number, where both zeros are the same. For what picks, compares or counts.
  case equal
  /// The number nearest to the exact result: one rounding, which IEEE 754 defines to the last bit.
  case rounded
  /// At most so many representable numbers from the rounded result. For functions that are approximated.
  case ulps(Int)
  /// A sum of so many terms, in any order.
  case accumulated(terms: Int)
  /// u times ``Operation/errorBounds(_:)``.
  case bounded

  /// Allowed for functions that are approximated: four times the distance of neighbouring numbers.
  package static let approximated = Accuracy.ulps(4)

  /// What a sum of `terms` terms may be off, in units of u times the sum of their magnitudes: the usual rounding
  /// error is √terms, and it can't exceed terms + 2. Allowed is the smaller of four times the former, and the
  /// latter with some room.
  package static func accumulationFactor(terms: Int) -> Double {
    let terms = Double(Swift.max(terms, 1))
    return Swift.min(4 * terms.squareRoot(), terms + 2) + 2
  }
}

extension DType {
  /// u: the largest relative error of one rounding.
  package var unitRoundoff: Double { self == .float64 ? 0x1p-53 : 0x1p-24 }

  /// The distance of subnormal numbers.
  package var leastNonzeroMagnitude: Double {
    self == .float64 ? .leastNonzeroMagnitude : Double(Float.leastNonzeroMagnitude)
  }

  /// The smallest number with all its digits.
  package var leastNormalMagnitude: Double {
    self == .float64 ? .leastNormalMagnitude : Double(Float.leastNormalMagnitude)
  }

  /// The largest finite number.
  package var greatestFiniteMagnitude: Double {
    self == .float64 ? .greatestFiniteMagnitude : Double(Float.greatestFiniteMagnitude)
  }
}
