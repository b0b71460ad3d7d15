@testable import LockstepComparison
import Testing

@Suite("Time = protocol × dispatch × translation")
struct TimeFactorTests {
  private func time(_ engine: String, _ seconds: [Double]) -> TimeFactors.EngineTime {
    TimeFactors.EngineTime(engine: engine, stepSeconds: seconds, startupSeconds: nil)
  }

  /// As `numpy.exp(numpy.log(b / a).mean() ± scipy.stats.t.ppf(0.975, 3) * scipy.stats.sem(numpy.log(b / a)))`
  /// has it, for a = [1, 1.1, 0.9, 1.05], b = [2.1, 2.0, 1.9, 2.3].
  @Test("a factor is the geometric mean of paired ratios, with Student's interval")
  func paired() throws {
    let ratio = try #require(
      RatioInterval(of: [2.1, 2.0, 1.9, 2.3], pairedWith: [1, 1.1, 0.9, 1.05]))
    #expect(abs(ratio.ratio - 2.04987113) < 1e-7)
    let interval = try #require(ratio.interval)
    #expect(abs(interval.lowerBound - 1.79873945) < 1e-7 && abs(interval.upperBound - 2.33606464) < 1e-7)
  }

  @Test("one pair has a ratio and no interval; numbers without a partner have neither")
  func tooFew() {
    #expect(RatioInterval(of: [3], pairedWith: [2])?.ratio == 1.5)
    #expect(RatioInterval(of: [3], pairedWith: [2])?.interval == nil)
    #expect(RatioInterval(of: [3, 4], pairedWith: [2]) == nil)
    #expect(RatioInterval(of: [], pairedWith: []) == nil)
    #expect(RatioInterval(of: [3, 0], pairedWith: [2, 2]) == nil)
  }

  @Test("the product of the factors is the total, with noise and with unequal repetitions")
  func product() throws {
    let stages = [
      time("native", [1, 1.2, 0.9, 5]), time("own", [1.05, 1, 1, 1]), time("control", [2.5, 2.1, 2.2]),
      time("emulated", [160, 150, 170, 155, 158]),
    ]
    let factors = TimeFactors(stages: stages, translator: "qemu")
    #expect(factors.factors.map(\.name) == ["protocol", "dispatch", "translation"])
    let total = try #require(factors.total)
    #expect(abs(factors.product / total.ratio.ratio - 1) < 1e-12)
    #expect(total.ratio.counts == [3, 3] && total.from == "native" && total.to == "emulated")
  }

  @Test("where an engine between is missing its factor is part of the next")
  func missing() {
    let factors = TimeFactors(
      stages: [time("native", [1, 1]), nil, time("control", [2, 2]), time("emulated", [20, 20])],
      translator: "qemu")
    #expect(factors.factors.map(\.name) == ["protocol × dispatch", "translation"])
    #expect(zip(factors.factors.map(\.ratio.ratio), [2, 10]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test("a single engine, or one without repetitions, leaves nothing to compare")
  func nothing() {
    #expect(TimeFactors(stages: [time("native", [1]), nil, nil, nil], translator: nil).total == nil)
    let empty = TimeFactors(
      stages: [time("native", [1]), time("own", []), nil, nil], translator: nil)
    #expect(empty.total == nil && empty.factors.isEmpty)
  }
}
