/// Whether two ways to train end at the same loss, but for what seeds make of it.
public enum Equivalence {
  /// The margin in standard deviations over seeds: less than what another seed changes is no difference.
  public static let margin = 1.0

  /// The upper confidence limit of |Δ| − κσ: of how much the mean difference exceeds κ standard deviations over
  /// seeds. Below 0 the two are equivalent.
  ///
  /// By the method of variance estimates recovery (Zou and Donner, 2008), which takes into account that σ is
  /// estimated: two one-sided tests with the estimate for a margin find up to a quarter of all unequal pairs
  /// equivalent.
  ///
  /// - Parameters:
  ///   - differences: the second's final loss minus the first's, for each seed.
  ///   - finals: the first's final losses.
  /// - Returns: NaN for fewer than two seeds.
  public static func upperBound(
    _ differences: [Double], finals: [Double], margin: Double = Equivalence.margin, confidence: Double = 0.95
  ) -> Double {
    precondition(differences.count == finals.count, "a final loss for each difference")
    guard differences.count > 1 else { return .nan }
    return upperBound(
      mean: abs(differences.mean), deviation: differences.standardDeviation,
      spread: finals.standardDeviation, count: differences.count, margin: margin, confidence: confidence)
  }

  /// How many seeds it would take to find equivalence, if more seeds were like those seen; nil if more than
  /// `limit`, or if no number would do.
  public static func seedsNeeded(
    _ differences: [Double], finals: [Double], margin: Double = Equivalence.margin, limit: Int = 200
  ) -> Int? {
    guard differences.count > 1 else { return nil }
    let (mean, deviation) = (abs(differences.mean), differences.standardDeviation)
    let spread = finals.standardDeviation
    guard mean < margin * spread else { return nil }
    return (differences.count...max(limit, differences.count)).first { count in
      upperBound(
        mean: mean, deviation: deviation, spread: spread, count: count, margin: margin, confidence: 0.95) < 0
    }
  }

  private static func upperBound(
    mean: Double, deviation: Double, spread: Double, count: Int, margin: Double, confidence: Double
  ) -> Double {
    let freedom = Double(count - 1)
    let error = deviation / Double(count).squareRoot()
    let t = StudentT(degreesOfFreedom: freedom).quantile(confidence)
    let chi = ChiSquared(degreesOfFreedom: freedom).quantile(confidence)
    let lower = margin * spread * (freedom / chi).squareRoot()
    let (first, second) = (t * error, margin * spread - lower)
    return mean - margin * spread + (first * first + second * second).squareRoot()
  }
}
