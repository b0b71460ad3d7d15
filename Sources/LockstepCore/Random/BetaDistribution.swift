extension RandomStream {
  /// A `Double` in 0…1 of the beta distribution with both parameters `alpha`, a positive number: the share that
  /// mixup and cutmix take of an image. The quotient X / (X + Y) of two gamma variates.
  public mutating func beta(_ alpha: Double) -> Double {
    trap(unless: alpha > 0 && alpha.isFinite, "a beta distribution's parameter must be positive: \(alpha)")
    let (x, y) = (logarithmOfGamma(alpha), logarithmOfGamma(alpha))
    // Of tiny parameters both variates are below any number, but their quotient is not.
    return 1 / (1 + PortableFunctions.exponential(min(y - x, 700)))
  }

  /// The logarithm of a gamma variate of scale 1.
  ///
  /// Source: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM Transactions on
  /// Mathematical Software 26 (2000); below 1 by their remark that Γ(α) = Γ(α + 1) · U^(1 / α).
  private mutating func logarithmOfGamma(_ alpha: Double) -> Double {
    let boost = alpha < 1 ? PortableFunctions.logarithm(openUniform()) / alpha : 0
    let d = (alpha < 1 ? alpha + 1 : alpha) - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let logarithm = PortableFunctions.logarithm(v)
      if PortableFunctions.logarithm(openUniform()) < 0.5 * x * x + d * (1 - v + logarithm) {
        return PortableFunctions.logarithm(d) + logarithm + boost
      }
    }
  }
}
