import Lockstep
import LockstepCore

/// How curves of different bits part: as rounding makes them, or faster.
struct VerdictFindings {
  let sentences: [String]
  /// Whether any of them part as no rounding explains.
  let isFaulty: Bool

  init(_ record: ExperimentRecord, _ words: EngineWords) {
    // Where translation changes nothing its curves are the kernels', whose verdict says it all.
    let isInnocent = record.comparisons.filter { $0.role == .translation }.allSatisfy(\.isIdentical)
    let judged = record.comparisons.filter { judgement in
      judgement.role == .dispatch || (judgement.role == .total && !isInnocent)
    }
    let parting = judged.filter { !$0.isIdentical }
    sentences = parting.compactMap { Self.describe($0, words) }
    isFaulty = parting.contains {
      $0.comparison?.verdict == .diverged || $0.comparison?.verdict == .faultyOperation
    }
  }

  private static func describe(_ judgement: CurveJudgement, _ words: EngineWords) -> String? {
    guard let comparison = judgement.comparison else { return nil }
    let place = words.place(judgement.second)
    let start = "The curves \(place) and \(words.place(judgement.first))"
    let steps = judgement.pairs.map(\.stepCount).min() ?? 0
    switch comparison.verdict {
    case .equivalent where steps < GrowthTest.defaultWindow:
      return
        "\(start) have \(Phrases.count(steps, "step")) in common, too few for a verdict on how they part: "
        + "it takes \(GrowthTest.defaultWindow)."
    case .equivalent:
      return
        "\(start) part no faster than those of other kernels do, which is what rounding makes of any training "
        + "(\(comparison.title), over \(Phrases.count(comparison.pairCount, "seed")))."
    case .diverged, .faultyOperation:
      return
        "\(start) part as no rounding explains (\(comparison.headline)): something is wrong with one of them, "
        + "and `lockstep diff` finds the operation."
    case .inconclusive:
      return
        "Whether \(start.prefix(1).lowercased() + start.dropFirst()) part as rounding makes them is not shown "
        + "(\(comparison.headline))."
    case .notComparable: return "\(start) can't be compared (\(comparison.reason))."
    case .identical: return nil
    }
  }
}
