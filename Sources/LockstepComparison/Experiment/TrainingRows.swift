import LockstepCore
import LockstepTraining

/// Rows of the mechanisms table that trainings fill.
extension MechanismRow {
  /// After a flip the loss difference has jumped if it is so many times what it was before.
  private static let jump = 10.0
  /// Shares of failures differ at this level of significance.
  private static let significance = 0.05

  /// Loss curves jump apart after the first unit that decides otherwise.
  static func chaos(_ chaos: Chaos?) -> MechanismRow {
    var row = MechanismTable.chaos
    guard let trails = chaos?.trails, !trails.isEmpty else { return row }
    row.command = nil
    let flipped = trails.compactMap { trail in trail.after.map { (before: trail.before, after: $0) } }
    guard !flipped.isEmpty else {
      row.outcome = .notReproduced
      let steps = trails.map(\.stepCount).max() ?? 0
      row.figure = "no unit flipped in \(trails.count) seeds of up to \(steps) steps"
      return row
    }
    let (before, after) = (flipped.map(\.before).median, flipped.map(\.after).median)
    row.outcome =
      after > Parting.threshold && after > jump * before ? .reproduced : .notReproduced
    row.figure =
      "\(flipped.count) of \(trails.count) seeds flipped; median of the largest |Δ ln loss| before the flip "
      + "\(CurveExamination.scientific(before)), within \(FlipTrail.window) steps of it "
      + CurveExamination.scientific(after)
    return row
  }

  /// Which seeds fail changes with the kernels, how many do not.
  static func fates(_ divergence: Divergence?) -> MechanismRow {
    var row = MechanismTable.fates
    guard let divergence else { return row }
    let translated = Set(divergence.fates.filter(\.isTranslated).map(\.engine))
    let pairs = divergence.pairs.filter { !translated.contains($0.first) && !translated.contains($0.second) }
    guard let most = pairs.max(by: { $0.changedCount * $1.seedCount < $1.changedCount * $0.seedCount })
    else { return row }
    row.command = nil
    row.outcome = most.changedCount > 0 ? .reproduced : .notReproduced
    let shares = divergence.fates.filter { !translated.contains($0.engine) }.map(\.share)
    let (least, greatest) = (shares.min() ?? 0, shares.max() ?? 0)
    let p = pairs.map(\.pValue).min() ?? 1
    let isRateDifferent = p * Double(pairs.count) <= significance
    row.figure =
      "up to \(most.changedCount) of \(most.seedCount) change fate; shares that fail "
      + "\(NumberFormat.fixed(least, 2)) to \(NumberFormat.fixed(greatest, 2)), "
      + (isRateDifferent ? "which differ" : "no difference found")
      + " (McNemar, smallest p = \(NumberFormat.fixed(p, 3)) of \(pairs.count))"
    return row
  }

  /// Translation makes more seeds fail.
  static func failureRate(_ divergence: Divergence?) -> MechanismRow {
    var row = MechanismTable.failureRate
    guard let divergence else { return row }
    let translated = Set(divergence.fates.filter(\.isTranslated).map(\.engine))
    let first = divergence.fates.first?.engine
    let pairs = divergence.pairs.filter { translated.contains($0.second) && $0.first != first }
    guard !pairs.isEmpty else {
      row.figure = "there was no time for a training under a translator"
      return row
    }
    row.command = nil
    let isHigher = pairs.contains {
      $0.onlySecond > $0.onlyFirst && $0.pValue * Double(pairs.count) <= significance
    }
    row.outcome = isHigher ? .reproduced : .notReproduced
    row.figure = pairs.map { pair in
      "\(pair.second): \(pair.identicalCount) of \(pair.seedCount) seeds bit for bit as untranslated, "
        + "\(pair.onlySecond) fail there alone, \(pair.onlyFirst) untranslated alone"
    }.joined(separator: "; ")
    return row
  }
}
