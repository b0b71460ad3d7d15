import LockstepBackends
import LockstepCore

/// The table of mechanisms: what another machine is said to change, and whether it did here.
///
/// A row is *reproduced* by a figure measured here alone. The rows that only trainings can fill are
/// ``chaos``, ``fates`` and ``failureRate`` until then.
public enum MechanismTable {
  /// All rows: those that the numerical experiments fill, and those of trainings.
  ///
  /// - Parameter chaos: what came of trainings after their first different decision; without it the row says
  ///   that it was not run.
  public static func rows(
    _ findings: MechanismFindings, divergence: Divergence?, chaos: MechanismRow? = nil
  ) -> [MechanismRow] {
    rows(findings) + [chaos ?? self.chaos, fates(divergence), failureRate(divergence)]
  }

  /// The rows that the numerical experiments fill.
  public static func rows(_ findings: MechanismFindings) -> [MechanismRow] {
    [
      .matrixBlocking(findings.agreement), .fewAccumulators(findings.growth),
      .onePassVariance(findings.growth), extendedPrecision(findings.probes), controlWord(findings.probes),
      specialValues(findings.probes), illegalInstruction(findings.probes), wrongNorm(findings.probes),
      denormals(findings.denormals), dataTypes(findings.conversions), instability(findings.examples),
    ]
  }

  /// Loss curves jump apart after the first ReLU that decides differently; trainings fill it.
  public static let chaos = MechanismRow(
    "chaos after a ReLU flip", belongsTo: .training,
    expected: "the losses' difference jumps from 1e-7 to 1e-3 … 4e-2 within 15 steps of the first flip",
    outcome: .notRunHere, figure: "no trainings were made for it", evidence: "trainings",
    command: "lockstep explain")

  /// Which seeds fail changes with the kernels; trainings fill it.
  public static let fates = MechanismRow(
    "which seeds diverge near the largest learning rate", belongsTo: .dispatch,
    expected: "124 of 250 change fate between kernels, the rate does not", outcome: .notRunHere,
    figure: "no trainings were made for it", evidence: "trainings", command: "lockstep explain")

  /// How many seeds fail is not changed by translation; trainings fill it.
  public static let failureRate = MechanismRow(
    "a higher failure rate under translation", belongsTo: .translator, expected: "not found",
    outcome: .notRunHere, figure: "no trainings were made for it", evidence: "trainings",
    command: "lockstep explain")

  static func missing(
    _ mechanism: String, _ origin: MechanismRow.Origin, expected: String, evidence: String,
    reason: String = "there was no time for it", command: String? = "lockstep explain --budget 10m"
  ) -> MechanismRow {
    MechanismRow(
      mechanism, belongsTo: origin, expected: expected, outcome: .notRunHere, figure: reason,
      evidence: evidence, command: command)
  }

  static func row(
    _ mechanism: String, _ origin: MechanismRow.Origin, expected: String, evidence: String,
    isReproduced: Bool, figure: String
  ) -> MechanismRow {
    MechanismRow(
      mechanism, belongsTo: origin, expected: expected,
      outcome: isReproduced ? .reproduced : .notReproduced, figure: figure, evidence: evidence)
  }
}
