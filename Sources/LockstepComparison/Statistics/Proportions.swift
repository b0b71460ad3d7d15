/// Shares of yes and no, by exact methods: no approximation by a normal distribution.
public enum Proportions {
  /// The Clopper–Pearson interval of a share: it holds the true one with at least the given confidence.
  ///
  /// - Parameters:
  ///   - count: how many of `total` were so; traps outside 0…total.
  ///   - total: of how many, at least 1.
  public static func interval(_ count: Int, of total: Int, confidence: Double = 0.95) -> ClosedRange<Double> {
    precondition(total > 0 && (0...total).contains(count), "\(count) of \(total)")
    let tail = (1 - confidence) / 2
    let (x, n) = (Double(count), Double(total))
    let lower = count == 0 ? 0 : betaQuantile(tail, x, n - x + 1)
    let upper = count == total ? 1 : betaQuantile(1 - tail, x + 1, n - x)
    return lower...upper
  }

  /// McNemar's exact test: whether two ways of doing the same things succeed equally often.
  ///
  /// - Parameters:
  ///   - onlyFirst: how often the first way succeeded and the second did not.
  ///   - onlySecond: the reverse. What both or neither managed says nothing.
  /// - Returns: the two-sided p-value: how often fair coins are as one-sided, 1 without any difference.
  public static func mcNemar(onlyFirst: Int, onlySecond: Int) -> Double {
    precondition(onlyFirst >= 0 && onlySecond >= 0, "\(onlyFirst) and \(onlySecond) must not be negative")
    let fewer = min(onlyFirst, onlySecond)
    let total = onlyFirst + onlySecond
    if onlyFirst == onlySecond { return 1 }
    // P(X ≤ fewer) of a binomial distribution with probability ½.
    return min(1, 2 * SpecialFunctions.regularizedBeta(0.5, Double(total - fewer), Double(fewer + 1)))
  }

  private static func betaQuantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
    SpecialFunctions.root(in: 0, 1) { SpecialFunctions.regularizedBeta($0, a, b) - p }
  }
}
