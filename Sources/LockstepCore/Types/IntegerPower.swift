extension Double {
  /// The number multiplied with itself, `exponent` times, by repeated squaring: multiplications alone, which are the
  /// same on every machine, where libm's `pow` may differ. Within `exponent` units in the last place at worst.
  ///
  /// - Parameter exponent: at least 0.
  package func raised(to exponent: Int) -> Double {
    trap(unless: exponent >= 0, "a power of \(exponent) needs a division")
    var (result, square, rest) = (1.0, self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
