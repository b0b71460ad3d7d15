import Lockstep
import LockstepCore

/// What becomes of a rounding.
struct ChaosFindings {
  let sentences: [String]

  init(_ chaos: Chaos?, _ words: EngineWords) {
    guard let chaos else {
      sentences = []
      return
    }
    sentences = Self.growth(chaos, words) + Self.flips(chaos.trails)
  }

  private static func growth(_ chaos: Chaos, _ words: EngineWords) -> [String] {
    guard let original = chaos.original else { return [] }
    let largest = original.medianLargest
    let seeds = Phrases.count(original.seeds.count, "seed")
    let losses = "losses \(words.place(chaos.first)) and \(words.place(chaos.second))"
    guard largest > 0 else {
      return ["The \(losses) do not part within \(chaos.stepCount) steps (\(seeds))."]
    }
    let roundings = Phrases.number(largest / LossDifference.unitRoundoff)
    let found =
      "Within \(chaos.stepCount) steps the \(losses) part by \(NumberFormat.scientific(largest)), \(roundings) "
      + "roundings (relative, median of \(seeds))."
    return [found] + (chaos.smooth.map { [compare(largest, $0)] } ?? [])
  }

  /// What the first flips did.
  private static func flips(_ trails: [FlipTrail]) -> [String] {
    guard !trails.isEmpty else { return [] }
    let flipped = trails.compactMap { trail in trail.after.map { (trail.before, $0) } }
    let seeds = Phrases.count(trails.count, "seed")
    guard !flipped.isEmpty else {
      return ["In \(seeds) no unit decided otherwise within \(trails.map(\.stepCount).max() ?? 0) steps."]
    }
    let before = NumberFormat.scientific(flipped.map(\.0).median)
    let after = NumberFormat.scientific(flipped.map(\.1).median)
    return [
      "In \(flipped.count) of \(seeds) a unit decided otherwise: before it the losses were at most \(before) apart, "
        + "in the \(FlipTrail.window + 1) steps from it on at most \(after) (medians)."
    ]
  }

  private static func compare(_ largest: Double, _ smooth: Chaos.Variant) -> String {
    let calm = smooth.medianLargest
    let figure = NumberFormat.scientific(calm)
    if largest >= Chaos.decisiveRatio * max(calm, .leastNonzeroMagnitude) {
      return
        "With tanh and average pools, which decide nothing, it is \(figure): most of it comes from ReLUs and "
        + "pools that decide differently after a rounding, which is chaos and no fault."
    }
    if calm >= Chaos.decisiveRatio * largest {
      return
        "With tanh and average pools it is even more, \(figure): that decisions make curves part was not "
        + "reproduced here."
    }
    return
      "With tanh and average pools it is \(figure), not much less or more: that decisions make curves part was "
      + "not reproduced here."
  }
}
