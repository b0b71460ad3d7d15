@testable import LockstepComparison
import Testing

@Suite("Fates of many seeds")
struct DivergenceTests {
  /// Outcomes by a row of letters: F failed, . did not; the digest is the letter's.
  private func outcomes(_ row: String, digest: String = "") -> [DivergenceOutcome] {
    row.enumerated().map {
      DivergenceOutcome(
        seed: UInt64($0.offset), hasFailed: $0.element == "F", digest: "\($0.element)\(digest)")
    }
  }

  private func pair(_ first: String, _ second: String) throws -> Divergence.Pair {
    try #require(Divergence.Pair(("a", outcomes(first)), ("b", outcomes(second))))
  }

  /// `scipy.stats.beta.ppf([0.025, 0.975], [3, 4], [8, 7])`.
  @Test("the share that fails has Clopper and Pearson's interval")
  func interval() {
    let fates = Divergence.Fates("a", isTranslated: false, outcomes("FF.F......"))
    #expect(fates.failed == [0, 1, 3] && fates.share == 0.3)
    #expect(abs(fates.lower - 0.06673951) < 1e-7 && abs(fates.upper - 0.65245285) < 1e-7)
  }

  /// `scipy.stats.binomtest(1, 8).pvalue`.
  @Test("seeds that change fate one way only are counted against coins")
  func mcNemar() throws {
    let pair = try pair("FFFFFFF..FF....", "........FFF....")
    #expect(pair.onlyFirst == 7 && pair.onlySecond == 1 && pair.changedCount == 8 && pair.seedCount == 15)
    #expect(abs(pair.pValue - 0.0703125) < 1e-12)
    // A difference of −6 of 15 lies within.
    #expect(pair.lower < -0.4 && pair.upper > -0.4 && pair.upper > 0)
  }

  @Test("equal fates are no proof of equal rates: the interval says how much is left open")
  func equal() throws {
    let pair = try pair("F.F.", "F.F.")
    #expect(pair.changedCount == 0 && pair.pValue == 1 && pair.identicalCount == 4)
    #expect(pair.upper > 0.5 && pair.lower == -pair.upper)
  }

  @Test("only seeds that both trained are compared")
  func common() throws {
    #expect(try pair("F..", "FF........").seedCount == 3)
    #expect(Divergence.Pair(("a", []), ("b", outcomes("F"))) == nil)
  }
}
