#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The functions that distributions are made of.
enum SpecialFunctions {
  /// Far more terms than any argument here takes: continued fractions converge in about √max(a, b).
  private static let termLimit = 10_000
  private static let tiny = 1e-300

  /// ln Γ(x) for x > 0, by Stirling's series above 15 and the recurrence below; absolute error about 1e-14.
  static func logGamma(_ x: Double) -> Double {
    var (product, shifted) = (1.0, x)
    while shifted < 15 {
      product *= shifted
      shifted += 1
    }
    // B₂ₙ / (2n (2n − 1)), NIST DLMF 5.11.1.
    let coefficients: [Double] = [
      1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156,
    ]
    let series = coefficients.reversed().reduce(0.0) { $0 / (shifted * shifted) + $1 } / shifted
    return (shifted - 0.5) * log(shifted) - shifted + 0.5 * log(2 * Double.pi) + series - log(product)
  }

  /// The regularised incomplete beta function Iₓ(a, b) for a, b > 0: NIST DLMF 8.17.22, by Lentz's method.
  static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // The fraction converges quickly on this side of the mean.
    if x > (a + 1) / (a + b + 2) { return 1 - regularizedBeta(1 - x, b, a) }
    let scale = exp(a * log(x) + b * log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a
    return scale
      / continuedFraction { index in
        let half = Double(index / 2)
        if index % 2 == 0 {
          return (half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half)), 1)
        }
        return (-(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1)), 1)
      }
  }

  /// The regularised lower incomplete gamma function P(a, x) for a > 0: its series below a + 1, the continued
  /// fraction of Q above (NIST DLMF 8.7.1, 8.9.2).
  static func regularizedGamma(_ a: Double, _ x: Double) -> Double {
    if x <= 0 { return 0 }
    let scale = exp(a * log(x) - x - logGamma(a))
    if x >= a + 1 {
      let fraction = continuedFraction(from: x + 1 - a) { index in
        (Double(index) * (a - Double(index)), x + Double(2 * index + 1) - a)
      }
      return 1 - scale / fraction
    }
    var (term, sum) = (1 / a, 1 / a)
    for index in 1..<termLimit where term > sum * 1e-17 {
      term *= x / (a + Double(index))
      sum += term
    }
    return scale * sum
  }

  /// b₀ + a₁ / (b₁ + a₂ / (b₂ + …)), by Lentz's method as Thompson and Barnett have it.
  private static func continuedFraction(
    from first: Double = 1, _ term: (Int) -> (numerator: Double, denominator: Double)
  ) -> Double {
    var value = first == 0 ? tiny : first
    var (c, d) = (value, 0.0)
    for index in 1..<termLimit {
      let (numerator, denominator) = term(index)
      d = denominator + numerator * d
      c = denominator + numerator / c
      if d == 0 { d = tiny }
      if c == 0 { c = tiny }
      d = 1 / d
      value *= c * d
      if abs(c * d - 1) < 1e-16 { break }
    }
    return value
  }

  /// Where a function that rises from below 0 crosses it, by halving [lower, upper] until it can't be halved.
  static func root(in lower: Double, _ upper: Double, of function: (Double) -> Double) -> Double {
    var (lower, upper) = (lower, upper)
    while true {
      let middle = lower + (upper - lower) / 2
      guard middle > lower, middle < upper else { return middle }
      if function(middle) < 0 { lower = middle } else { upper = middle }
    }
  }
}
