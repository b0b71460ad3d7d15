import Lockstep
import LockstepReports

/// What the bits of losses and weights say: who changes them.
struct BitFindings {
  /// The finding in a few words.
  let headline: String
  let sentences: [String]
  /// What follows for somebody who looks for a culprit; empty where nothing does.
  let consequence: [String]
  let tone: Report.Tone

  init(_ record: ExperimentRecord, _ words: EngineWords) {
    let judged = record.comparisons
    let repetition = judged.filter { $0.role == .repetition }
    let translation = judged.filter { $0.role == .translation }
    let dispatch = judged.filter { $0.role == .dispatch }
    // Bits that could not be compared, for want of time, are not bits that changed.
    let isRepeatable = !repetition.contains(where: \.isDifferent)
    let isInnocent = translation.allSatisfy(\.isIdentical)
    let verdicts = VerdictFindings(record, words)
    let isFaulty = !isRepeatable || translation.contains(where: \.isDifferent) || verdicts.isFaulty
    let isShown = isInnocent && repetition.allSatisfy(\.isIdentical)
    tone = isFaulty ? .bad : !isShown ? .caution : translation.isEmpty ? .neutral : .good
    headline = Self.headline(isRepeatable, translation, dispatch)
    sentences =
      repetition.map(Self.describeRepetition) + Self.describeTranslation(translation, words)
      + dispatch.map { Self.describeDispatch($0, words) } + verdicts.sentences
      + [record.square].compactMap { $0.flatMap(Self.describeSquare) }
    let kernelsDiffer = dispatch.contains { !$0.isIdentical }
    consequence =
      isRepeatable && isInnocent && !translation.isEmpty && kernelsDiffer
      ? [
        "So where this training comes out differently under these translators, look at the kernels that the CPU shown "
          + "selects: translation cost it time, and no bit."
      ] : []
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
    switch (translation.allSatisfy(\.isIdentical), kernels) {
    case (true, true?): return "translation changes no bit, the choice of kernels does"
    case (true, false?): return "neither translation nor the choice of kernels changes a bit"
    case (true, nil): return "translation changes no bit"
    case (false, _):
      return translation.contains(where: \.isDifferent)
        ? "translation changes bits" : "whether translation changes bits is not shown"
    }
  }

  private static func describeRepetition(_ judgement: CurveJudgement) -> String {
    if judgement.isIdentical { return "Trained twice natively, \(all(judgement)) the same bits." }
    guard judgement.isDifferent else {
      return "Whether the same seed gives the same bits twice is not shown."
    }
    return
      "Natively the same seed does not give the same bits twice (\(parting(judgement))): what differs below "
      + "can't be ascribed to anything."
  }

  /// Those without a difference in one sentence, each other one in its own.
  private static func describeTranslation(_ judgements: [CurveJudgement], _ words: EngineWords) -> [String] {
    let same = judgements.filter(\.isIdentical)
    let others = judgements.filter { !$0.isIdentical }.map { judgement in
      judgement.isDifferent
        ? "\(Phrases.sentence(words.place(judgement.second))) the bits are not those of the same kernels "
          + "untranslated: \(parting(judgement))."
        : "\(Phrases.sentence(words.place(judgement.second))) nothing is shown of bits: \(parting(judgement))."
    }
    guard !same.isEmpty else { return others }
    let places = same.map { "\(words.place($0.second)) (\(extent($0)))" }
    return [
      "\(Phrases.sentence(Phrases.list(places))) every loss and the weights are, bit for bit, those of the same "
        + "kernels untranslated."
    ] + others
  }

  private static func describeDispatch(_ judgement: CurveJudgement, _ words: EngineWords) -> String {
    let place = Phrases.sentence(words.place(judgement.second))
    return judgement.isIdentical
      ? "\(place), untranslated, the bits are those of the kernels that this CPU selects (\(extent(judgement)))."
      : "\(place) and without any translation the bits are not those of the kernels that this CPU selects: "
        + "\(parting(judgement))."
  }

  private static func all(_ judgement: CurveJudgement) -> String {
    judgement.pairs.count == 1 ? "the seed gives" : "each of the \(judgement.pairs.count) seeds gives"
  }

  private static func extent(_ judgement: CurveJudgement) -> String {
    let steps = judgement.pairs.map(\.stepCount)
    let (few, many) = (steps.min() ?? 0, steps.max() ?? 0)
    let range = few == many ? Phrases.count(many, "step") : "\(few) to \(many) steps"
    return "\(Phrases.count(judgement.pairs.count, "seed")), \(range)"
  }

  /// Where trainings part, or what else is not equal.
  private static func parting(_ judgement: CurveJudgement) -> String {
    let firsts = judgement.pairs.compactMap(\.firstDifference)
    if let first = firsts.min() {
      let seeds = Phrases.count(judgement.pairs.count, "seed")
      return "\(firsts.count) of \(seeds) part, the first at step \(first + 1)"
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
    let profiles = Phrases.list(
      square.cells.map(\.profile).reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    let start = "With the kernels of \(profiles), each as they are and under \(square.translator), "
    switch (translation, kernels) {
    case (0, 2): return start + "bits change with the kernels and never with translation."
    case (0, 0): return start + "no bits change at all."
    case (2, 0): return start + "bits change with translation and never with the kernels."
    default:
      return start
        + "bits change in \(kernels) of 2 cases where the kernels change, and in \(translation) of 2 where "
        + "translation does."
    }
  }
}
