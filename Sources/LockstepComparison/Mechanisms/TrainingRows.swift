import LockstepCore

/// Rows of the mechanisms table that trainings fill.
extension MechanismTable {
  /// A p-value below this is not chance.
  private static let significance = 0.05

  /// Which seeds fail changes with the kernels.
  public static func fates(_ divergence: Divergence?) -> MechanismRow {
    guard let divergence else { return fates }
    let pairs = divergence.pairs.filter {
      !divergence.isTranslated($0.first) && !divergence.isTranslated($0.second)
    }
    guard !pairs.isEmpty else {
      return notRun(fates, "trainings of two kernel sets are needed, and there are none")
    }
    let texts = pairs.map { pair in
      "\(pair.first), \(pair.second): \(pair.changedCount) of \(pair.seedCount) change fate, "
        + "shares of failures \(divergence.shares(pair))"
    }
    return filled(
      fates, isReproduced: pairs.contains { $0.changedCount > 0 }, texts.joined(separator: "; "))
  }

  /// Whether more seeds fail under translation than with the same kernels untranslated.
  ///
  /// Reproduced only where McNemar's test says so: that no more fail is then not proved, only not seen.
  public static func failureRate(_ divergence: Divergence?) -> MechanismRow {
    guard let divergence else { return failureRate }
    // Of a translated engine's pairs the last one is that with the same kernels, where there is one.
    let translated = divergence.fates.filter(\.isTranslated).compactMap { fates in
      divergence.pairs.last { $0.second == fates.engine && !divergence.isTranslated($0.first) }
    }
    guard !translated.isEmpty else {
      return notRun(failureRate, "there are no trainings under a translator to compare")
    }
    let isHigher = translated.contains { $0.onlySecond > $0.onlyFirst && $0.pValue < significance }
    let texts = translated.map { pair in
      "\(pair.second) against \(pair.first): \(pair.identicalCount) of \(pair.seedCount) trainings with the same "
        + "bits, shares of failures \(divergence.shares(pair)), p = \(NumberFormat.fixed(pair.pValue, 3))"
    }
    return filled(failureRate, isReproduced: isHigher, texts.joined(separator: "; "))
  }

  private static func filled(_ row: MechanismRow, isReproduced: Bool, _ figure: String) -> MechanismRow {
    self.row(
      row.mechanism, row.belongsTo, expected: row.expected, evidence: row.evidence,
      isReproduced: isReproduced, figure: figure)
  }

  private static func notRun(_ row: MechanismRow, _ reason: String) -> MechanismRow {
    missing(
      row.mechanism, row.belongsTo, expected: row.expected, evidence: row.evidence, reason: reason,
      command: row.command)
  }
}

extension Divergence {
  fileprivate func isTranslated(_ engine: String) -> Bool {
    fates.first { $0.engine == engine }?.isTranslated ?? false
  }

  /// How many of each engine's seeds failed.
  fileprivate func shares(_ pair: Pair) -> String {
    let failed = [pair.first, pair.second].map { name in fates.first { $0.engine == name } }
    let counts = failed.map { $0.map { "\($0.failed.count) of \($0.seeds.count)" } ?? "unknown" }
    return counts.joined(separator: " and ")
  }
}
