import Lockstep
import Testing

@Suite("Medians and their ratio")
struct MedianRatioTests {
  @Test(
    "ranks are those of the tables of the sign test",
    arguments: [
      // >>> k = scipy.stats.binom.ppf(0.025, n, 0.5); k -= binom.cdf(k, n, 0.5) > 0.025  →  ranks k + 1, n - k
      (5, nil), (6, 1...6), (8, 1...8), (9, 2...8), (20, 6...15), (30, 10...21), (100, 40...61),
    ] as [(Int, ClosedRange<Int>?)])
  func ranks(count: Int, expected: ClosedRange<Int>?) {
    #expect(MedianInterval.ranks(count: count) == expected)
  }

  @Test("of six numbers the interval is all of them, with probability 1 − 2 / 2⁶ = 0.96875")
  func exactCoverage() {
    #expect(MedianInterval.ranks(count: 6, confidence: 0.96875) == 1...6)
    #expect(MedianInterval.ranks(count: 6, confidence: 0.96876) == nil)
    #expect(MedianInterval.of([3, 1, 2, 6, 5, 4]) == 1...6)
  }

  @Test("a ratio's interval is between the opposite ends of the medians' intervals")
  func ratio() throws {
    // √0.95 = 0.97468: of eight numbers all are needed (1 − 2/2⁸ = 0.992; without the ends 1 − 18/2⁸ = 0.930).
    let old: [Double] = [8, 1, 2, 3, 4, 5, 6, 7]
    let new = old.map { 10 * $0 }
    let ratio = try #require(MedianRatio(of: new, to: old))
    #expect(ratio.ratio == 10)
    #expect(ratio.interval == (10.0 / 8)...(80.0 / 1))
  }

  @Test("seven numbers have an interval, six do not; what is no time has no ratio")
  func limits() {
    let seven: [Double] = [1, 2, 3, 4, 5, 6, 7]
    #expect(MedianRatio(of: seven, to: seven)?.interval != nil)
    #expect(MedianRatio(of: Array(seven.dropLast()), to: seven)?.interval == nil)
    #expect(MedianRatio(of: [0], to: [1]) == nil && MedianRatio(of: [], to: [1]) == nil)
    #expect(MedianRatio(of: [1], to: [.nan]) == nil)
  }
}
