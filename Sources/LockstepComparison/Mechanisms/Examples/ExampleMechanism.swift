import LockstepCore

/// The row that the account's examples fill.
extension MechanismTable {
  static func instability(_ examples: AccountExamples?) -> MechanismRow {
    let title =
      "instability of large products under translation: other bits than the same kernels untranslated"
    let expected = "none: translated code gives the control's bits"
    let evidence = AccountExampleExperiment.name
    let pairs = examples?.equalities.filter {
      [$0.first, $0.second].contains { $0.hasPrefix("control") }
        && [$0.first, $0.second].contains { $0.hasPrefix("emulated") }
    }
    guard let examples, let pairs, !pairs.isEmpty else {
      return missing(
        title, .translator, expected: expected, evidence: evidence,
        reason: examples == nil ? "there was no time for it" : "control and translator did not both run")
    }
    let different = pairs.filter { $0.differing > 0 }
    let counts = pairs.reduce(0) { $0 + $1.count }
    let worst = examples.runs.map(\.error).max() ?? 0
    return row(
      title, .translator, expected: expected, evidence: evidence, isReproduced: !different.isEmpty,
      figure: "\(NumberFormat.grouped(different.reduce(0) { $0 + $1.differing })) of "
        + "\(NumberFormat.grouped(counts)) elements differ from the control's; "
        + "the largest error of any engine is \(Figures.short(worst)) u·Σ|a||b|")
  }
}

/// Figures in sentences.
package enum Figures {
  /// A number with about three digits, of any size and sign.
  package static func short(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let sign = value < 0 ? "−" : ""
    let magnitude = value.magnitude
    if magnitude != 0, magnitude < 0.01 || magnitude >= 1e7 {
      var exponent = 0
      var mantissa = magnitude
      while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
      while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
      return "\(sign)\(NumberFormat.fixed(mantissa, 1))e\(exponent)"
    }
    return sign + NumberFormat.significant(magnitude)
  }
}
