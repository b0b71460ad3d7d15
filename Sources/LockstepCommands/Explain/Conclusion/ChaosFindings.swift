import Lockstep

/// What becomes of a rounding.
struct ChaosFindings {
  /// Smooth and deciding models differ if the largest differences do by so much.
  private static let decisiveRatio = 10.0

  let sentences: [String]

  init(_ chaos: Chaos?, _ words: EngineWords) {
    guard let chaos, let original = chaos.original else {
      sentences = []
      return
    }
    let largest = original.medianLargest
    let seeds = Phrases.count(original.seeds.count, "seed")
    guard largest > 0 else {
      sentences = [
        "The losses \(words.place(chaos.first)) and \(words.place(chaos.second)) do not part within \(chaos.stepCount) steps (\(seeds))."
      ]
      return
    }
    let growth = Phrases.number(largest / LossDifference.unitRoundoff)
    var found = [
      "Within \(chaos.stepCount) steps the losses \(words.place(chaos.first)) and \(words.place(chaos.second)) part by "
        + "\(VerdictSection.scientific(largest)), \(growth) roundings (relative, median of \(seeds))."
    ]
    if let smooth = chaos.smooth { found.append(Self.compare(largest, smooth)) }
    sentences = found
  }

  private static func compare(_ largest: Double, _ smooth: Chaos.Variant) -> String {
    let calm = smooth.medianLargest
    let figure = VerdictSection.scientific(calm)
    if largest >= decisiveRatio * max(calm, .leastNonzeroMagnitude) {
      return
        "With tanh and average pools, which decide nothing, it is \(figure): most of it comes from ReLUs and "
        + "pools that decide differently after a rounding, which is chaos and no fault."
    }
    if calm >= decisiveRatio * largest {
      return
        "With tanh and average pools it is even more, \(figure): that decisions make curves part was not "
        + "reproduced here."
    }
    return
      "With tanh and average pools it is \(figure), not much less or more: that decisions make curves part was "
      + "not reproduced here."
  }
}
