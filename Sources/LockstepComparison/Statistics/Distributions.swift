#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Student's t distribution.
public struct StudentT: Hashable, Sendable {
  /// Degrees of freedom, above 0; need not be whole.
  public let degreesOfFreedom: Double

  /// Names a distribution; traps unless the degrees of freedom are above 0.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "degrees of freedom must be above 0, not \(degreesOfFreedom)")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of at most t.
  public func cumulative(_ t: Double) -> Double { t < 0 ? upperTail(-t) : 1 - upperTail(t) }

  /// The t that is not exceeded with a probability of p, 0 < p < 1.
  public func quantile(_ p: Double) -> Double {
    if p < 0.5 { return -quantile(1 - p) }
    var upper = 1.0
    while upperTail(upper) > 1 - p { upper *= 2 }
    return SpecialFunctions.root(in: 0, upper) { 1 - p - upperTail($0) }
  }

  /// The probability of more than t ≥ 0: ½ I(ν / (ν + t²); ν/2, ½).
  private func upperTail(_ t: Double) -> Double {
    let nu = degreesOfFreedom
    return SpecialFunctions.regularizedBeta(nu / (nu + t * t), nu / 2, 0.5) / 2
  }
}

/// The chi-squared distribution.
public struct ChiSquared: Hashable, Sendable {
  /// Degrees of freedom, above 0.
  public let degreesOfFreedom: Double

  /// Names a distribution; traps unless the degrees of freedom are above 0.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "degrees of freedom must be above 0, not \(degreesOfFreedom)")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of at most x.
  public func cumulative(_ x: Double) -> Double {
    SpecialFunctions.regularizedGamma(degreesOfFreedom / 2, x / 2)
  }

  /// The x that is not exceeded with a probability of p, 0 < p < 1.
  public func quantile(_ p: Double) -> Double {
    var upper = degreesOfFreedom + 1
    while cumulative(upper) < p { upper *= 2 }
    return SpecialFunctions.root(in: 0, upper) { cumulative($0) - p }
  }
}
