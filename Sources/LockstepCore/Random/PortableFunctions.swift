/// Elementary functions without libm, whose last bits differ between machines: only IEEE additions,
/// multiplications and divisions, in a fixed order. For what decides a training; accurate to about 1e-15.
package enum PortableFunctions {
  /// Sine and cosine of an angle in degrees, by their series around the nearest multiple of 90°.
  package static func sineAndCosine(degrees: Double) -> (sine: Double, cosine: Double) {
    let quarters = (degrees / 90).rounded()
    let x = (degrees - quarters * 90) * (0x1.921fb54442d18p+1 / 180)
    let square = x * x
    var (sine, cosine) = (0.0, 0.0)
    // Within 45° the terms left out are below 1e-18.
    for term in stride(from: 17.0, through: 3, by: -2) {
      sine = (sine + 1) * (-square / (term * (term - 1)))
    }
    for term in stride(from: 18.0, through: 2, by: -2) {
      cosine = (cosine + 1) * (-square / (term * (term - 1)))
    }
    (sine, cosine) = (x * (1 + sine), 1 + cosine)
    switch quarters - 4 * (quarters / 4).rounded(.down) {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
  }

  /// e to the power of a number: 0 below -700, where nothing here needs more.
  package static func exponential(_ x: Double) -> Double {
    guard x > -700 else { return 0 }
    let logarithmOf2 = 0.693147180559945309417
    let exponent = (x / logarithmOf2).rounded()
    let rest = x - exponent * logarithmOf2
    var series = 0.0
    for term in stride(from: 16.0, through: 1, by: -1) { series = (series + 1) * (rest / term) }
    return Double(sign: .plus, exponent: Int(exponent), significand: 1 + series)
  }

  /// The natural logarithm of a positive normal number.
  package static func logarithm(_ x: Double) -> Double { NormalDistribution.logarithm(x) }
}
