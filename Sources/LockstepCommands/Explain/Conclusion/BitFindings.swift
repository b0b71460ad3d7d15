import Lockstep
import LockstepReports

/// What the bits of losses and weights say: who changes them.
struct BitFindings {
  /// The finding in a few words.
  let headline: String
  let sentences: [String]
  let tone: Report.Tone

  init(_ record: ExperimentRecord) {
    let judged = record.comparisons
    let repetition = judged.filter { $0.role == .repetition }
    let translation = judged.filter { $0.role == .translation }
    let dispatch = judged.filter { $0.role == .dispatch }
    let isRepeatable = repetition.allSatisfy(\.isIdentical)
    let isInnocent = translation.allSatisfy(\.isIdentical)
    tone = isRepeatable && isInnocent ? (translation.isEmpty ? .neutral : .good) : .bad
    headline = Self.headline(isRepeatable, translation, dispatch)
    sentences =
      repetition.map(Self.describeRepetition) + translation.map(Self.describeTranslation)
      + dispatch.map(Self.describeDispatch) + [record.square].compactMap { $0.flatMap(Self.describeSquare) }
  }

  private static func headline(
    _ isRepeatable: Bool, _ translation: [CurveJudgement], _ dispatch: [CurveJudgement]
  ) -> String {
    if !isRepeatable { return "the same training does not give the same bits twice" }
    let kernels = dispatch.isEmpty ? nil : dispatch.contains { !$0.isIdentical }
    if translation.isEmpty {
      switch kernels {
      case true?: return "other kernels change bits"
      case false?: return "other kernels change no bit"
      case nil: return "bits were not compared"
      }
    }
    let isInnocent = translation.allSatisfy(\.isIdentical)
    switch (isInnocent, kernels) {
    case (true, true?): return "translation changes no bit, the choice of kernels does"
    case (true, false?): return "neither translation nor the choice of kernels changes a bit"
    case (true, nil): return "translation changes no bit"
    case (false, _): return "translation changes bits"
    }
  }

  private static func describeRepetition(_ judgement: CurveJudgement) -> String {
    judgement.isIdentical
      ? "Trained twice natively, \(all(judgement)) the same bits."
      : "Natively the same seed does not give the same bits twice (\(parting(judgement))): what differs below "
        + "can't be ascribed to anything."
  }

  private static func describeTranslation(_ judgement: CurveJudgement) -> String {
    judgement.isIdentical
      ? "On \(judgement.second) every loss and the weights are bit for bit those of the same kernels "
        + "untranslated: \(extent(judgement))."
      : "On \(judgement.second) the bits are not those of the same kernels untranslated: \(parting(judgement))."
  }

  private static func describeDispatch(_ judgement: CurveJudgement) -> String {
    judgement.isIdentical
      ? "The kernels of \(judgement.second) give the bits of those that this CPU selects: \(extent(judgement))."
      : "The kernels of \(judgement.second) give other bits than those that this CPU selects, without any "
        + "translation: \(parting(judgement))."
  }

  private static func all(_ judgement: CurveJudgement) -> String {
    judgement.pairs.count == 1 ? "the seed gives" : "each of the \(judgement.pairs.count) seeds gives"
  }

  private static func extent(_ judgement: CurveJudgement) -> String {
    let steps = judgement.pairs.map(\.stepCount)
    let few = steps.min() ?? 0
    let many = steps.max() ?? 0
    let range = few == many ? Phrases.count(many, "step") : "\(few) to \(many) steps"
    return "\(Phrases.count(judgement.pairs.count, "seed")), \(range) each"
  }

  /// Where trainings part, or what else is not equal.
  private static func parting(_ judgement: CurveJudgement) -> String {
    let firsts = judgement.pairs.compactMap(\.firstDifference)
    if let first = firsts.min() {
      return
        "\(firsts.count) of \(Phrases.count(judgement.pairs.count, "seed")) part, the first at step \(first + 1)"
    }
    if judgement.pairs.contains(where: { $0.hasSameWeights == false }) {
      return "the losses are the same, the weights are not"
    }
    return "there was no time for a common step whose weights could be compared"
  }

  private static func describeSquare(_ square: AttributionSquare) -> String? {
    guard square.translation.count == 2, square.kernels.count == 2 else { return nil }
    let translation = square.translation.filter { !$0.hasSameBits }.count
    let kernels = square.kernels.filter { !$0.hasSameBits }.count
    let names = square.translation.map(\.from).joined(separator: " and ")
    let start = "With two sets of kernels (\(names)), each translated and not, "
    switch (translation, kernels) {
    case (0, 2): return start + "bits change along with the kernels and never along with translation."
    case (0, 0): return start + "no bits change at all."
    case (2, 0): return start + "bits change along with translation and never along with the kernels."
    default:
      return start
        + "bits change along \(kernels) of 2 edges where the kernels change, and along \(translation) of 2 "
        + "where translation does."
    }
  }
}
