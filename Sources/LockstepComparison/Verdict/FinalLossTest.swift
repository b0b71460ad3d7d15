import LockstepCore
import LockstepTraining

/// S5: whether trainings end at the same loss. With pairs by a confidence bound that can show equivalence;
/// without pairs by a permutation test that can only show a difference.
struct FinalLossTest {
  /// The p-value of the unpaired test that is significant.
  static let significance = 0.01

  private let a: CurveSet
  private let b: CurveSet
  private let pairs: [CurvePair]

  init(_ a: CurveSet, _ b: CurveSet, _ pairs: [CurvePair]) {
    self.a = a
    self.b = b
    self.pairs = pairs
  }

  var evidence: Evidence {
    if let curve = (a.curves + b.curves).first(where: { $0.record.map { $0.status != .finished } ?? false }) {
      return Evidence(.finalLoss, isApplied: false, "\(curve.label) did not come to its end")
    }
    guard (a.curves + b.curves).allSatisfy({ $0.finalLoss.isFinite }) else {
      return Evidence(.finalLoss, isApplied: false, "not all final losses are finite")
    }
    return pairs.isEmpty ? unpaired : paired
  }

  private var paired: Evidence {
    guard pairs.count >= 3 else {
      return Evidence(
        .finalLoss, isApplied: false,
        "takes 3 seeds, there \(pairs.count == 1 ? "is" : "are") \(pairs.count)")
    }
    let finals = pairs.map(\.a.finalLoss)
    let differences = pairs.map { $0.b.finalLoss - $0.a.finalLoss }
    let bound = Equivalence.upperBound(differences, finals: finals)
    let p = SignFlipTest.mean(differences)
    let spread = NumberFormat.fixed(finals.standardDeviation, 5)
    let finding =
      bound < 0
      ? "less than what another seed changes" : "not shown to be less than what another seed changes"
    return Evidence(
      .finalLoss,
      "final losses differ by \(NumberFormat.fixed(differences.mean, 5)) on average, \(finding) (\(spread)); "
        + "sign-flip p = \(NumberFormat.fixed(p, 4))",
      statistic: differences.mean, pValue: p, bound: bound, verdict: bound < 0 ? .equivalent : nil)
  }

  private var unpaired: Evidence {
    let (first, second) = (a.curves.map(\.finalLoss), b.curves.map(\.finalLoss))
    let p = GroupPermutationTest.pValue(first, second)
    let smallest = GroupPermutationTest.smallestPValue(first.count, second.count)
    return Evidence(
      .finalLoss,
      "unpaired: mean final losses differ by \(NumberFormat.fixed(second.mean - first.mean, 5)); p = "
        + "\(NumberFormat.fixed(p, 4)) by exchanging runs between the sets (at best \(NumberFormat.fixed(smallest, 4)))",
      statistic: second.mean - first.mean, pValue: p, verdict: p <= Self.significance ? .diverged : nil)
  }

  /// How many seeds might show equivalence of the final loss; nil where no number would.
  var seedsNeeded: Int? {
    guard pairs.count > 1 else { return nil }
    return Equivalence.seedsNeeded(
      pairs.map { $0.b.finalLoss - $0.a.finalLoss }, finals: pairs.map(\.a.finalLoss))
  }
}
