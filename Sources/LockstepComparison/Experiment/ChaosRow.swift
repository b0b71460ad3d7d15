import LockstepCore
import LockstepTraining

/// The row of the mechanisms table that trainings in lockstep fill.
extension MechanismTable {
  /// After a flip the loss difference has jumped if it is so many times what it was before.
  private static let jump = 10.0

  /// Loss curves jump apart after a unit decides otherwise: right after the first one, or later, where those of
  /// a model that decides nothing stay together. Most flips change next to nothing, so the first alone would miss
  /// it.
  public static func chaos(_ chaos: Chaos?) -> MechanismRow {
    var row = Self.chaos
    guard let chaos, case let trails = chaos.trails, !trails.isEmpty else { return row }
    row.command = nil
    let flipped = trails.compactMap { trail in trail.after.map { (before: trail.before, after: $0) } }
    guard !flipped.isEmpty else {
      row.outcome = .notReproduced
      let steps = trails.map(\.stepCount).max() ?? 0
      row.figure = "no unit flipped in \(trails.count) seeds of up to \(steps) steps"
      return row
    }
    let (before, after) = (flipped.map(\.before).median, flipped.map(\.after).median)
    let hasJumped = after > Parting.threshold && after > jump * before
    row.outcome = hasJumped || chaos.isOfDecisions ? .reproduced : .notReproduced
    row.figure =
      "\(flipped.count) of \(trails.count) seeds flipped; median of the largest |Δ ln loss| before the flip "
      + "\(NumberFormat.scientific(before)), within \(FlipTrail.window) steps of it "
      + NumberFormat.scientific(after)
    if let original = chaos.original, let smooth = chaos.smooth {
      row.figure +=
        "; in \(chaos.stepCount) steps \(NumberFormat.scientific(original.medianLargest)), of a smooth model "
        + NumberFormat.scientific(smooth.medianLargest)
    }
    return row
  }
}
