import LockstepBackends
import LockstepCore

/// Rows about translators and the CPUs that they show.
extension MechanismTable {
  private static var probesEvidence: String { ProbeExperiment.name }

  static func extendedPrecision(_ table: ProbeTable?) -> MechanismRow {
    translatorRow(
      "x87 registers of 64 bits: OpenBLAS's dnrm2 loses digits with length, and overflows",
      expected: "1 → 53 ULP from 10⁵ to 10⁷ numbers, infinite at 1e200 (Valgrind, box64)", table,
      needing: "x87 significand"
    ) { column in
      let isShort = column["x87 significand"].map { $0 != "64 bits" } ?? false
      let errors = column.rows.filter { $0.name.hasPrefix("dnrm2 of ") && $0.value.hasSuffix("ULP") }
      let grown = errors.last.map { "dnrm2 of \(Self.length($0)): \($0.value)" }
      let large = column["dnrm2 of numbers of 1e200"].map { "at 1e200 \($0)" }
      let texts = [column["x87 significand"].map { "x87 of \($0)" }, grown, large].compactMap(\.self)
      return (isShort, texts.joined(separator: ", "))
    }
  }

  static func controlWord(_ table: ProbeTable?) -> MechanismRow {
    let names = ["flush to zero", "denormals are zero", "rounding mode"]
    return translatorRow(
      "flush to zero, denormals as zero and the rounding mode are ignored",
      expected: "Valgrind ignores all three, QEMU none", table, needing: names[0]
    ) { column in
      let ignored = names.filter { column[$0] == "ignored" }
      return (
        !ignored.isEmpty, ignored.isEmpty ? "honours all" : "ignores \(ignored.joined(separator: ", "))"
      )
    }
  }

  static func specialValues(_ table: ProbeTable?) -> MechanismRow {
    let control = table?.columns.first { $0.translator == nil }
    let names = [
      "rcpss", "rsqrtss", "cvttss2si 3e9", "cvttss2si -inf", "cvttss2si NaN", "0 / 0", "inf - inf",
      "sqrt -1", "NaN 1 + NaN 2", "NaN 2 + NaN 1", "signalling NaN + 1",
    ]
    return translatorRow(
      "other results of float → int overflow, of NaNs, of rcpss and rsqrtss",
      expected: "QEMU: rcpss and rsqrtss exact, another NaN of two; none: float → int", table,
      needing: names[0]
    ) { column in
      let other = names.filter { control?[$0] != nil && column[$0] != control?[$0] }
      return (
        !other.isEmpty,
        other.isEmpty ? "all as the control" : "other than the control: \(other.joined(separator: ", "))"
      )
    }
  }

  static func illegalInstruction(_ table: ProbeTable?) -> MechanismRow {
    let title = "SIGILL: code for AVX on a CPU that is shown without it"
    let expected =
      "AVX under a profile without AVX ends the program (TensorFlow 2.4's wheels under Rosetta 2)"
    let probed = table?.columns.filter { $0["AVX instruction"] != nil } ?? []
    guard !probed.isEmpty else {
      return missing(title, .profile, expected: expected, evidence: probesEvidence)
    }
    let translated = probed.filter { $0.translator != nil }
    guard !translated.isEmpty else {
      return missing(
        title, .profile, expected: expected, evidence: probesEvidence, reason: "no translator runs here",
        command: Translator.qemu.installHint)
    }
    let texts = probed.map { "\($0.translator ?? "control"): \($0["AVX instruction"] ?? "")" }
    return row(
      title, .profile, expected: expected, evidence: probesEvidence,
      isReproduced: translated.contains { $0["AVX instruction"] == "SIGILL" },
      figure: texts.joined(separator: ", "))
  }

  static func wrongNorm(_ table: ProbeTable?) -> MechanismRow {
    let title = "native can be the wrong side: OpenBLAS's snrm2 on ARMv8"
    let expected = "loses 6 % at 5·10⁷ numbers"
    guard let column = table?.columns.first(where: { $0.architecture == "aarch64" }) else {
      return missing(
        title, .library, expected: expected, evidence: probesEvidence,
        reason: "the ARM64 worker was not looked for", command: "scripts/build-worker arm64")
    }
    let norms = column.rows.filter { $0.name.hasPrefix("snrm2 of ") }
    guard let last = norms.last, let units = Double(last.value.dropLast(2)) else {
      let isBuilt = !column.rows.isEmpty
      return missing(
        title, .library, expected: expected, evidence: probesEvidence,
        reason: isBuilt
          ? "there was no time for it" : "not run here: scripts/build-worker arm64 makes the worker",
        command: isBuilt ? "lockstep explain --budget 10m" : "scripts/build-worker arm64")
    }
    let percent = units * 0x1p-24 * 100
    return row(
      title, .library, expected: expected, evidence: probesEvidence, isReproduced: percent > 1,
      figure: "\(NumberFormat.fixed(percent, 2)) % at \(length(last)) numbers, "
        + "kernels \(column["BLAS core"] ?? "unknown")")
  }

  static func denormals(_ costs: DenormalCosts?) -> MechanismRow {
    let title = "denormals are lost"
    let expected = "kept everywhere: Lockstep never sets flush to zero"
    guard let costs, !costs.rows.isEmpty else {
      return missing(title, .translator, expected: expected, evidence: DenormalExperiment.name)
    }
    let wrong = costs.rows.filter { $0.wrong > 0 }
    let slowest = costs.rows.max { $0.ratio < $1.ratio }
    let cost = slowest.map {
      "the dearest takes \(NumberFormat.fixed($0.ratio, 1)) times as long (\($0.operation), \($0.engine))"
    }
    let lost =
      wrong.isEmpty
      ? "kept on all engines"
      : "other than IEEE 754's: \(wrong.map { "\($0.operation) on \($0.engine)" }.joined(separator: ", "))"
    return row(
      title, .translator, expected: expected, evidence: DenormalExperiment.name, isReproduced: !wrong.isEmpty,
      figure: [lost, cost].compactMap(\.self).joined(separator: "; "))
  }

  static func dataTypes(_ findings: ConversionFindings?) -> MechanismRow {
    let title = "types mean something else: conversions, int64 + 1"
    let expected = "none: documented results on every engine"
    guard let findings, !findings.rows.isEmpty else {
      return missing(title, .library, expected: expected, evidence: ConversionExperiment.name)
    }
    let wrong = findings.rows.flatMap { row in
      row.wrong.map { "\($0) on \(row.engine)" }
        + (row.isSumRight ? [] : ["int64 + 1 = \(row.sum) on \(row.engine)"])
    }
    let checked = findings.rows.reduce(0) { $0 + $1.checked }
    return row(
      title, .library, expected: expected, evidence: ConversionExperiment.name, isReproduced: !wrong.isEmpty,
      figure: wrong.isEmpty
        ? "\(NumberFormat.grouped(checked)) conversions on \(findings.rows.count) engines, all as documented"
        : wrong.prefix(3).joined(separator: "; "))
  }

  /// A row that any translator may reproduce; those that ran are named with what they do.
  private static func translatorRow(
    _ title: String, expected: String, _ table: ProbeTable?, needing probe: String,
    _ judge: (ProbeTable.Column) -> (isReproduced: Bool, text: String)
  ) -> MechanismRow {
    guard let table else { return missing(title, .translator, expected: expected, evidence: probesEvidence) }
    let translated = table.columns.filter { $0.translator != nil && $0.architecture == "x86_64" }
    let probed = translated.filter { $0[probe] != nil }
    guard !probed.isEmpty else {
      let reason = translated.first?.omissions.first?.reason ?? "no translator was asked for"
      let hint = translated.first.flatMap { $0.translator }.flatMap(Translator.init)?.installHint
      return missing(
        title, .translator, expected: expected, evidence: probesEvidence, reason: reason, command: hint)
    }
    let judged = probed.map { (name: $0.translator ?? "", verdict: judge($0)) }
    return row(
      title, .translator, expected: expected, evidence: probesEvidence,
      isReproduced: judged.contains { $0.verdict.isReproduced },
      figure: judged.map { "\($0.name): \($0.verdict.text)" }.joined(separator: "; "))
  }

  private static func length(_ row: WorkerProbes.Row) -> String {
    row.name.split(separator: " ").last.flatMap { Int($0) }.map(NumberFormat.grouped) ?? row.name
  }
}
