import LockstepCore

/// The verdict that answers to S0–S5 lead to, in the order NOT COMPARABLE, IDENTICAL, FAULTY OPERATION, DIVERGED,
/// EQUIVALENT, INCONCLUSIVE.
struct Judgement {
  private(set) var verdict: Verdict
  private(set) var basis: CurveComparison.Basis?
  private(set) var reason: String
  private(set) var seedsNeeded: Int?

  init(_ examination: CurveExamination, _ evidence: [Evidence]) {
    func speaker(for verdict: Verdict) -> Evidence? { evidence.first { $0.verdict == verdict } }
    for verdict in [Verdict.notComparable, .identical, .faultyOperation, .diverged] {
      if let evidence = speaker(for: verdict) {
        self.verdict = verdict
        reason = evidence.finding
        if verdict == .notComparable { reason += Self.hint(examination) }
        return
      }
    }
    let growth = evidence.first { $0.stage == .growth }!
    let final = evidence.first { $0.stage == .finalLoss }!
    if growth.verdict == .equivalent {
      (verdict, basis, reason) = (.equivalent, .rounding, growth.finding)
    } else if final.verdict == .equivalent, !examination.isStepwise {
      // Where growth can be seen and is not rounding's, a like end proves nothing: most faults end alike.
      (verdict, basis, reason) = (.equivalent, .finalLoss, final.finding)
    } else {
      verdict = .inconclusive
      (reason, seedsNeeded) = Self.whatIsMissing(examination)
    }
  }

  /// Single runs of different seeds may be meant as sets.
  private static func hint(_ examination: CurveExamination) -> String {
    let seeds = (examination.a.curves + examination.b.curves).map(\.seed)
    let isSingle = examination.a.curves.count == 1 && examination.b.curves.count == 1
    guard isSingle, let first = seeds[0], let second = seeds[1], first != second else { return "" }
    return "; if these are seeds of two sets, put `vs` between the sets"
  }

  /// What would lead to a verdict, and how many seeds of it.
  private static func whatIsMissing(_ examination: CurveExamination) -> (reason: String, seeds: Int?) {
    let count = examination.pairs.count
    if examination.pairs.isEmpty {
      // Five runs a set: 2 of the 252 ways to deal them out.
      let size = min(examination.a.curves.count, examination.b.curves.count)
      return (
        "no evidence of a difference, and without pairs none of equivalence; train the same seeds",
        size < 5 ? 5 : nil
      )
    }
    if let parting = examination.partings.first(where: \.isSudden) {
      return (
        "the first difference, in step \(parting.firstDifferentStep!), is already "
          + "\(NumberFormat.scientific(parting.firstDifference!)), \(parting.pair): look at it by `lockstep diff`",
        nil
      )
    }
    if !examination.isStepwise {
      let needed =
        FinalLossTest(examination.a, examination.b, examination.pairs).seedsNeeded ?? (count < 3 ? 3 : nil)
      return (
        "final losses are not shown to be equal\(needed.map { ", which may take \($0) seeds" } ?? "")", needed
      )
    }
    if !examination.hasEnoughSteps {
      let steps = examination.pairs.map(\.steps.count).min() ?? 0
      return ("growth takes \(GrowthTest.defaultWindow) steps to show itself, there are \(steps)", nil)
    }
    if let test = examination.growthTest {
      return missing(test)
    }
    let bound = examination.growthBound!
    if bound.isWithin {
      let needed = GrowthBound.seedsNeeded
      return (
        "differences are of rounding's size at first, in \(count) of the \(needed) seeds that it takes",
        needed
      )
    }
    return (
      "differences outgrow rounding early: only twins tell chaos from a fault; give runs of the same seeds by "
        + "other kernels as --twins", GrowthTest.seedsNeeded(twins: 5)
    )
  }

  private static func missing(_ test: GrowthTest) -> (String, Int?) {
    let needed = GrowthTest.seedsNeeded(twins: test.twinCount)
    let excess = NumberFormat.fixed(test.medianExcess, 2)
    if test.seedCount < needed {
      return (
        "B departs 10^\(excess) times as far as its twins, but it takes \(needed) seeds with "
          + "\(test.twinCount) twins to tell", needed
      )
    }
    return (
      "B departs 10^\(excess) times as far as its twins: neither shown to be rounding nor to be more "
        + "(p = \(NumberFormat.fixed(test.pValue, 4)))", test.seedCount * 2
    )
  }
}
