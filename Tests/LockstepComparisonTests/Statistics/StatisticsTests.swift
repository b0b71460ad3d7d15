import Lockstep
import Testing

@Suite("Statistics against SciPy")
struct StatisticsTests {
  private let goldens = StatisticsGoldens.shared

  @Test("Student's t distribution")
  func studentT() {
    for golden in goldens.studentT {
      let p = StudentT(degreesOfFreedom: golden.parameter).cumulative(golden.x)
      #expect(agrees(p, golden.p, 1e-11), "\(golden): \(p)")
    }
    for golden in goldens.studentTQuantiles {
      let x = StudentT(degreesOfFreedom: golden.parameter).quantile(golden.p)
      #expect(abs(x - golden.x) < 1e-12 * max(1, abs(golden.x)), "\(golden): \(x)")
    }
  }

  @Test("the chi-squared distribution")
  func chiSquared() {
    for golden in goldens.chiSquared {
      let p = ChiSquared(degreesOfFreedom: golden.parameter).cumulative(golden.x)
      #expect(agrees(p, golden.p, 1e-11), "\(golden): \(p)")
    }
    for golden in goldens.chiSquaredQuantiles {
      let x = ChiSquared(degreesOfFreedom: golden.parameter).quantile(golden.p)
      #expect(agrees(x, golden.x), "\(golden): \(x)")
    }
  }

  @Test("Clopper and Pearson's interval")
  func interval() {
    for golden in goldens.intervals {
      let interval = Proportions.interval(golden.count, of: golden.total, confidence: golden.confidence)
      #expect(agrees(interval.lowerBound, golden.low, 1e-11), "\(golden): \(interval)")
      #expect(agrees(interval.upperBound, golden.high, 1e-11), "\(golden): \(interval)")
    }
  }

  @Test("McNemar's exact test")
  func mcNemar() {
    for golden in goldens.mcNemar {
      let p = Proportions.mcNemar(onlyFirst: golden.first, onlySecond: golden.second)
      #expect(agrees(p, golden.p), "\(golden): \(p)")
    }
  }

  @Test("the sign-flip test of a mean")
  func signFlip() {
    for golden in goldens.signFlips {
      #expect(agrees(SignFlipTest.mean(golden.values), golden.p), "\(golden)")
    }
  }

  @Test("the sign-flip test of the largest |t|")
  func largestT() {
    for golden in goldens.largestT {
      #expect(agrees(SignFlipTest.largestT(golden.rows), golden.p), "\(golden.p)")
    }
  }

  @Test("beyond what can be enumerated signs are drawn, and the p-value is never 0")
  func sampledSigns() {
    let count = SignFlipTest.exactLimit + 1
    #expect(SignFlipTest.mean(Array(repeating: 1, count: count)) == 1 / Double(SignFlipTest.sampleCount + 1))
    let balanced = (0..<count).map { $0.isMultiple(of: 2) ? 1.0 : -1.0 }
    #expect(SignFlipTest.mean(balanced) == 1)
  }

  @Test("dealing runs out to two sets anew")
  func groups() {
    for golden in goldens.groups {
      #expect(agrees(GroupPermutationTest.pValue(golden.a, golden.b), golden.p), "\(golden)")
    }
    #expect(GroupPermutationTest.smallestPValue(5, 5) == 2 / 252.0)
    #expect(GroupPermutationTest.smallestPValue(2, 3) == 0.1)
  }

  @Test("the upper bound of a difference of final losses")
  func equivalence() {
    for golden in goldens.equivalence {
      let bound = Equivalence.upperBound(golden.differences, finals: golden.finals)
      #expect(agrees(bound, golden.bound, 1e-11), "\(golden.bound): \(bound)")
    }
  }

  @Test("the number of seeds that would show equivalence is the first whose bound is below 0")
  func seedsNeeded() {
    for golden in goldens.equivalence {
      #expect(
        Equivalence.seedsNeeded(golden.differences, finals: golden.finals) == golden.seedsNeeded,
        "\(golden.bound)")
    }
    #expect(
      Set(goldens.equivalence.map(\.seedsNeeded)).count > 2, "some need more, for some no number will do")
  }

  @Test("a ratio of times, and Welch's interval of it")
  func ratios() throws {
    for golden in goldens.ratios {
      let interval = try #require(RatioInterval(of: golden.b, to: golden.a))
      #expect(agrees(interval.ratio, golden.ratio), "\(golden)")
      #expect(agrees(try #require(interval.lower), golden.low, 1e-11), "\(golden)")
      #expect(agrees(try #require(interval.upper), golden.high, 1e-11), "\(golden)")
    }
    #expect(RatioInterval(of: [2], to: [1])?.interval == nil, "one number each has a ratio, and no interval")
    #expect(RatioInterval(of: [0], to: [1]) == nil)
  }
}

@Suite("The growth test")
struct GrowthTestTests {
  @Test("p-value and excess are those of plain enumeration")
  func goldens() {
    for golden in StatisticsGoldens.shared.growth {
      let test = GrowthTest(golden.seeds.map { .init(a: $0.a, b: $0.b, twins: $0.twins) })
      #expect(agrees(test.pValue, golden.p), "\(test.pValue) \(golden.p)")
      #expect(agrees(test.medianExcess, golden.medianExcess, 1e-9))
      #expect(agrees(test.excessUpperBound, golden.excessUpperBound, 1e-9))
      #expect(test.isExact)
    }
  }

  @Test("many seeds are still counted exactly, in halves")
  func halves() {
    // B departs most in each of 14 seeds: one way of 6¹⁴ = 7.8e10.
    let seed = GrowthTest.Seed(
      a: Array(repeating: 1, count: 10), b: Array(repeating: 1.001, count: 10),
      twins: (1...5).map { Array(repeating: 1 + 1e-7 * Double($0), count: 10) })
    let test = GrowthTest(Array(repeating: seed, count: 14))
    #expect(test.isExact)
    #expect(agrees(test.pValue, 1 / 78_364_164_096))
    #expect(test.isDiverged)
  }

  @Test("more than can be counted are drawn, and the p-value is never 0")
  func sampled() {
    let seed = GrowthTest.Seed(
      a: [1, 1], b: [1.001, 1.001], twins: (1...5).map { [1 + 1e-7 * Double($0), 1] })
    let test = GrowthTest(Array(repeating: seed, count: 20))
    #expect(!test.isExact)
    #expect(agrees(test.pValue, 1 / 20_001.0))
  }

  @Test("with five twins three seeds can tell, with one seven")
  func seedsNeeded() {
    #expect(GrowthTest.seedsNeeded(twins: 5) == 3)
    #expect(GrowthTest.seedsNeeded(twins: 4) == 3)
    #expect(GrowthTest.seedsNeeded(twins: 1) == 7)
    #expect(GrowthTest.seedsNeeded(twins: 200) == 3, "fewer than three seeds are never enough")
  }

  @Test("one seed shows nothing: neither divergence nor rounding")
  func oneSeed() {
    let near = GrowthTest([.init(a: [1, 1], b: [1, 1.0000001], twins: [[1, 1.0000001]])])
    #expect(!near.isDiverged && !near.isRounding)
    let far = GrowthTest([.init(a: [1, 1], b: [1, 2], twins: [[1, 1.0000001]])])
    #expect(!far.isDiverged && !far.isRounding)
  }
}

@Suite("Differences of losses")
struct LossDifferenceTests {
  @Test("are of logarithms, and defined whatever the loss is")
  func relative() {
    #expect(agrees(LossDifference.relative(1, 2), 0.693147180559945309))
    #expect(LossDifference.relative(.nan, .nan) == 0)
    #expect(LossDifference.relative(.nan, 1) == LossDifference.ceiling)
    #expect(LossDifference.relative(.infinity, 1) == LossDifference.ceiling)
    #expect(LossDifference.relative(.infinity, .infinity) == 0)
    #expect(LossDifference.relative(0, 0) == 0)
    #expect(LossDifference.relative(0, 1) == 1)
    #expect(agrees(LossDifference.relative(-2, -2.0000002), 1e-7, 1e-6))
  }

  @Test("grow: the largest so far in decades, at least half a rounding")
  func growth() {
    let growth = LossDifference.growth([1, 1, 1], [1, 2, 1])
    #expect(agrees(growth[0], -7.52572, 1e-5))
    #expect(agrees(growth[1], -0.159175, 1e-5))
    #expect(growth[2] == growth[1])
  }
}
