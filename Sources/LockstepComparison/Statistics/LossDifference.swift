#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How far two losses of one step are apart, and how such differences grow.
public enum LossDifference {
  /// What one rounding of a float32 number can do, relative: 2⁻²⁴.
  public static let unitRoundoff = 0x1p-24
  /// What stands for a difference from a number that is not finite.
  public static let ceiling = 1e3

  /// |ln a − ln b|. Where a loss is not positive, so that it has no logarithm, the difference relative to the
  /// larger one, which for small differences is the same; ``ceiling`` where only one is finite, or two are
  /// infinite and not equal.
  public static func relative(_ a: Double, _ b: Double) -> Double {
    if a == b || (a.isNaN && b.isNaN) { return 0 }
    guard a.isFinite, b.isFinite else { return ceiling }
    if a > 0, b > 0 { return min(ceiling, abs(log(a) - log(b))) }
    return min(ceiling, abs(a - b) / max(abs(a), abs(b)))
  }

  /// E(t) = log₁₀ of the largest difference up to t, and at least that of half a rounding, so that equal
  /// curves have a logarithm.
  ///
  /// - Parameters:
  ///   - a: losses, a step each.
  ///   - b: losses of the same steps.
  ///   - floors: what is no difference at each step, where losses were written with few digits.
  public static func growth(_ a: [Double], _ b: [Double], floors: [Double]? = nil) -> [Double] {
    precondition(a.count == b.count, "\(a.count) losses can't be held against \(b.count)")
    var largest = unitRoundoff / 2
    return a.indices.map { index in
      largest = max(largest, relative(a[index], b[index]), floors?[index] ?? 0)
      return log10(largest)
    }
  }
}
