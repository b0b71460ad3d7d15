extension Float {
  /// How many representable numbers apart two finite numbers lie; the zeros are one number.
  package func ulps(to other: Float) -> Double {
    Double((position - other.position).magnitude)
  }

  /// The number's place among all, negative ones mirrored at zero.
  private var position: Int64 {
    let bits = Int64(Int32(bitPattern: bitPattern))
    return bits >= 0 ? bits : Int64(Int32.min) - bits
  }
}

extension Double {
  /// How many representable numbers apart two finite numbers lie; the zeros are one number. Infinite where
  /// they are too many to count.
  package func ulps(to other: Double) -> Double {
    let (difference, overflow) = position.subtractingReportingOverflow(other.position)
    return overflow ? .infinity : Double(difference.magnitude)
  }

  /// The number's place among all, negative ones mirrored at zero.
  private var position: Int64 {
    let bits = Int64(bitPattern: bitPattern)
    return bits >= 0 ? bits : Int64.min &- bits
  }
}
