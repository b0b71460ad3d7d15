import Foundation
import Lockstep
import Testing

@Suite("Verdicts")
struct VerdictTests {
  private var curves = SyntheticCurves()

  @Test("what departs as its twins do is rounding, what departs a thousand times as far is DIVERGED")
  mutating func growth() throws {
    let a = curves.bases(3)
    let twins = curves.twins(of: a, 5)
    let rounding = CurveComparison(a, curves.varied(a, by: 1e-7), twins: twins)
    #expect(rounding.title == "EQUIVALENT (rounding)", "\(rounding.headline)")
    let test = try #require(rounding.growthTest)
    #expect(test.twinCount == 5 && test.pValue > 0.01 && rounding.growthBound == nil)

    let diverged = CurveComparison(a, curves.varied(a, by: 1e-4), twins: twins)
    #expect(diverged.verdict == .diverged && diverged.basis == nil)
    #expect(diverged.evidence[3].pValue == 1 / 216.0)
    #expect(try #require(diverged.evidence[3].statistic) > 2.5)
  }

  @Test("with too few seeds or twins even the largest departure is INCONCLUSIVE, and says what it takes")
  mutating func power() {
    let a = curves.bases(2)
    let twins = curves.twins(of: a, 5)
    let two = CurveComparison(a, curves.varied(a, by: 5e-5), twins: twins)
    #expect(two.verdict == .inconclusive && two.seedsNeeded == 3, "\(two.headline)")
    let near = CurveComparison(a, curves.varied(a, by: 1e-7), twins: twins)
    #expect(near.verdict == .inconclusive && near.seedsNeeded == 3, "two seeds show no equivalence either")

    let more = curves.bases(3)
    let single = CurveComparison(more, curves.varied(more, by: 5e-5), twins: curves.twins(of: more, 1))
    #expect(single.verdict == .inconclusive && single.seedsNeeded == 7, "\(single.headline)")
  }

  @Test("a few steps are never called equivalent, however small the difference")
  mutating func fewSteps() {
    curves.stepCount = GrowthTest.defaultWindow - 1
    let a = curves.bases(3)
    let b = curves.varied(a, by: 1e-7)
    for twins in [[], curves.twins(of: a, 5)] {
      let comparison = CurveComparison(a, b, twins: twins)
      #expect(comparison.verdict == .inconclusive, "\(comparison.headline)")
      #expect(comparison.reason.contains("takes 20 steps"), "\(comparison.headline)")
    }
  }

  @Test("without twins rounding's size is a bound; beyond it fault and chaos are not told apart")
  mutating func bound() throws {
    let a = curves.bases(3)
    let within = CurveComparison(a, curves.varied(a, by: 1e-6))
    #expect(within.title == "EQUIVALENT (rounding)" && within.growthTest == nil)
    #expect(try #require(within.evidence[3].bound) < GrowthBound.limit)
    let beyond = CurveComparison(a, curves.varied(a, by: 3e-5))
    #expect(beyond.verdict == .inconclusive && beyond.reason.contains("--twins"), "\(beyond.headline)")
    #expect(!beyond.evidence[3].isApplied)
  }

  @Test("chaos later on is no divergence: what counts is how the difference begins")
  mutating func chaos() {
    let a = curves.bases(3)
    var b = curves.varied(a, by: 1e-7).curves
    for index in b.indices { b[index] = curves.varied(b[index], by: 0.05, from: 25, "B") }
    let twins = curves.twins(of: a, 5).map { curves.varied($0, by: 0.05, from: 22, $0.label) }
    let comparison = CurveComparison(a, try! CurveSet("B", b), twins: twins)
    #expect(comparison.title == "EQUIVALENT (rounding)", "\(comparison.headline)")
    #expect(comparison.partings.allSatisfy { $0.firstDifferentStep == 1 && $0.firstPartedStep == 25 })
  }

  @Test("a first difference that is large at once is never called rounding")
  mutating func sudden() {
    let a = curves.bases(3)
    let b = curves.varied(a, by: 1e-3, from: 30)
    for twins in [[], curves.twins(of: a, 5)] {
      let comparison = CurveComparison(a, b, twins: twins)
      #expect(comparison.verdict == .inconclusive)
      #expect(comparison.reason.hasPrefix("the first difference, in step 30, is already "))
    }
  }

  @Test("eight seeds show a whole curve that is off, though its first steps are")
  mutating func wholeCurve() throws {
    let a = curves.bases(8)
    let off = a.curves.map { curve in
      var result = curve
      for index in 20..<40 { result.losses[index] *= 1.01 + 0.001 * Double(index % 3) }
      return result
    }
    let comparison = CurveComparison(a, try CurveSet("B", off))
    #expect(comparison.verdict == .diverged)
    #expect(comparison.evidence[4].pValue == 2 / 256.0, "\(comparison.headline)")
    let seven = CurveComparison(
      try CurveSet("A", Array(a.curves.prefix(7))), try CurveSet("B", Array(off.prefix(7))))
    #expect(!seven.evidence[4].isApplied && seven.verdict == .inconclusive)
  }

  @Test("losses that are not of every step can be equivalent in the end, and then it says so")
  mutating func epochs() throws {
    curves.stepCount = 10
    let a = curves.bases(10)
    let sparse = { (set: CurveSet) in
      try CurveSet(
        set.name,
        set.curves.map { curve in
          var curve = curve
          curve.steps = curve.steps.map { 100 * $0 }
          return curve
        })
    }
    let near = CurveComparison(try sparse(a), try sparse(curves.varied(a, by: 1e-3)))
    #expect(near.title == "EQUIVALENT (final loss)", "\(near.headline)")
    #expect(!near.evidence[3].isApplied)
    let far = CurveComparison(try sparse(a), try sparse(curves.varied(a, by: 0.3)))
    #expect(far.verdict == .inconclusive, "\(far.headline)")
  }

  @Test("equal losses of few digits are not IDENTICAL")
  mutating func fewDigits() {
    var a = curves.base(seed: 1)
    a.losses = a.losses.map { ($0 * 1000).rounded() / 1000 }
    a.quantum = 0.001
    var b = a
    b.label = "b"
    let comparison = CurveComparison(try! CurveSet("A", [a]), try! CurveSet("B", [b]))
    #expect(comparison.verdict == .inconclusive)
    #expect(comparison.evidence[1].finding.hasPrefix("the same as written"))
    a.quantum = 0
    b.quantum = 0
    let exact = CurveComparison(try! CurveSet("A", [a]), try! CurveSet("B", [b]))
    #expect(exact.headline == "IDENTICAL: every loss; final weights are not known")
    #expect(exact.evidence[0].finding.hasPrefix("assumed comparable") && !exact.evidence[0].isApplied)
  }

  @Test("curves that end early, or at NaN, are compared as far as they go")
  mutating func shorter() {
    let a = curves.base(seed: 1)
    var b = a
    b.label = "b"
    b.steps.removeLast(5)
    b.losses.removeLast(5)
    let comparison = CurveComparison(try! CurveSet("A", [a]), try! CurveSet("B", [b]))
    #expect(comparison.verdict == .inconclusive)
    #expect(
      comparison.evidence[1].finding == "the 35 common steps are the same, but there are 40 and 35, seed 1")
    b = a
    b.losses[39] = .nan
    let broken = CurveComparison(try! CurveSet("A", [a]), try! CurveSet("B", [b]))
    #expect(broken.verdict == .inconclusive && broken.partings[0].firstDifferentStep == 40)
    var c = b
    c.losses[39] = -Double.nan
    #expect(
      CurveComparison(try! CurveSet("A", [b]), try! CurveSet("B", [c])).verdict == .identical,
      "a NaN's sign says nothing")
  }

  @Test("twins that show no rounding, are no twins or are one twin twice are left out, and named")
  mutating func uselessTwins() {
    let a = curves.bases(3)
    let twin = curves.varied(a.curves[0], by: 1e-7, "t")
    var copy = twin
    copy.label = "copy"
    var same = a.curves[1]
    same.label = "same"
    var stranger = twin
    (stranger.label, stranger.seed) = ("stranger", 9)
    let comparison = CurveComparison(a, curves.varied(a, by: 1e-7), twins: [twin, copy, same, stranger])
    #expect(
      comparison.notes == [
        "the twin copy is left out: it is t-seed0 bit for bit",
        "the twin same is left out: it is A bit for bit, and shows no rounding",
        "twins of no pair's seed: stranger",
      ])
    #expect(comparison.growthTest?.seedCount == 1)
  }

  @Test("curves without a seed are paired by order; of unequal numbers not at all")
  mutating func unknownSeeds() {
    func anonymous(_ set: CurveSet) -> [LossCurve] {
      set.curves.map { curve in
        var curve = curve
        curve.seed = nil
        return curve
      }
    }
    let a = curves.bases(3)
    let b = curves.varied(a, by: 1e-7)
    let paired = CurveComparison(try! CurveSet("A", anonymous(a)), try! CurveSet("B", anonymous(b)))
    #expect(
      paired.pairCount == 3 && paired.notes == ["seeds are not known: curves are paired in the order given"])
    let unequal = CurveComparison(
      try! CurveSet("A", anonymous(a)), try! CurveSet("B", Array(anonymous(b).prefix(2))))
    #expect(unequal.pairCount == 0 && unequal.verdict == .inconclusive)
  }

  @Test("unpaired sets that end far apart are DIVERGED; with too few runs they can't be")
  mutating func unpaired() {
    func shifted(_ count: UInt64, by factor: Double) -> CurveSet {
      try! CurveSet(
        "B",
        (0..<count).map { seed in
          var curve = curves.base(seed: 100 + seed)
          curve.losses = curve.losses.map { $0 * factor }
          return curve
        })
    }
    #expect(CurveComparison(curves.bases(5), shifted(5, by: 3)).verdict == .diverged)
    let few = CurveComparison(curves.bases(4), shifted(4, by: 3))
    #expect(few.verdict == .inconclusive && few.seedsNeeded == 5)
    #expect(CurveComparison(curves.bases(5), shifted(5, by: 1)).verdict == .inconclusive)
  }

  @Test("two seeds are NOT COMPARABLE, also of curves from elsewhere")
  mutating func twoSeeds() throws {
    let comparison = CurveComparison(
      try CurveSet("A", [curves.base(seed: 1)]), try CurveSet("B", [curves.base(seed: 2)]))
    #expect(
      comparison.headline
        == "NOT COMPARABLE: different seeds: base-seed1 has 1, base-seed2 has 2; if these are seeds of two sets, put `vs` between the sets"
    )
    #expect(comparison.evidence[3].finding == "they were not the same training")
  }

  @Test("no common step is NOT COMPARABLE")
  mutating func noCommonStep() {
    let a = curves.base(seed: 1)
    var b = a
    b.steps = b.steps.map { $0 + 100 }
    #expect(CurveComparison(try! CurveSet("A", [a]), try! CurveSet("B", [b])).verdict == .notComparable)
  }

  @Test("a set has a seed once, and a curve at least")
  mutating func sets() {
    let a = curves.base(seed: 1)
    var b = a
    b.label = "other"
    #expect(
      #expect(throws: CurveError.self) { try CurveSet("A", [a, b]) }?.description
        == "base-seed1 and other both have seed 1: name them apart to compare them")
    #expect(#expect(throws: CurveError.self) { try CurveSet("A", []) }?.description == "A has no curves")
  }

  @Test("a comparison is the same after a round trip through JSON")
  mutating func json() throws {
    let a = curves.bases(3)
    let comparison = CurveComparison(a, curves.varied(a, by: 1e-7), twins: curves.twins(of: a, 2))
    let data = try JSONEncoder().encode(comparison)
    #expect(try JSONDecoder().decode(CurveComparison.self, from: data) == comparison)
  }
}
