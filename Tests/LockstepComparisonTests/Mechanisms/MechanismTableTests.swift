import Lockstep
@testable import LockstepComparison
import Testing

@Suite("Rows about translators, libraries and trainings")
struct MechanismTableTests {
  private func column(
    _ translator: String?, _ rows: [(String, String)], architecture: String = "x86_64",
    omissions: [Omission] = []
  ) -> ProbeTable.Column {
    ProbeTable.Column(
      engine: translator ?? "control", translator: translator, architecture: architecture,
      rows: rows.map { WorkerProbes.Row($0, $1) }, omissions: omissions)
  }

  private func table(_ translated: [(String, String)], control: [(String, String)] = []) -> ProbeTable {
    ProbeTable(columns: [column(nil, control), column("valgrind", translated)])
  }

  @Test("x87 registers of 53 bits reproduce the short norm, and of 64 don't")
  func extendedPrecision() {
    let short = MechanismTable.extendedPrecision(
      table([
        ("x87 significand", "53 bits"), ("dnrm2 of 10000000", "138 ULP"),
        ("dnrm2 of numbers of 1e200", "infinite"),
      ]))
    #expect(short.outcome == .reproduced && short.belongsTo == .translator)
    #expect(
      short.figure == "valgrind: x87 of 53 bits, dnrm2 of 10,000,000: 138 ULP, at 1e200 infinite")
    #expect(
      MechanismTable.extendedPrecision(table([("x87 significand", "64 bits")])).outcome == .notReproduced)
    #expect(MechanismTable.extendedPrecision(nil).outcome == .notRunHere)
  }

  @Test("a control word that is ignored reproduces its row, and one that is honoured doesn't")
  func controlWord() {
    let honoured = [
      ("flush to zero", "honoured"), ("denormals are zero", "honoured"), ("rounding mode", "honoured"),
    ]
    #expect(MechanismTable.controlWord(table(honoured)).outcome == .notReproduced)
    let ignored = MechanismTable.controlWord(table([honoured[0], honoured[1], ("rounding mode", "ignored")]))
    #expect(ignored.outcome == .reproduced && ignored.figure == "valgrind: ignores rounding mode")
  }

  @Test("another NaN or approximation than the control's reproduces its row, the same doesn't")
  func specialValues() {
    let control = [("rcpss", "approximate"), ("0 / 0", "ffc00000")]
    let other = MechanismTable.specialValues(
      table([("rcpss", "exact"), ("0 / 0", "ffc00000")], control: control))
    #expect(other.outcome == .reproduced && other.figure == "valgrind: other than the control: rcpss")
    #expect(MechanismTable.specialValues(table(control, control: control)).outcome == .notReproduced)
  }

  @Test("SIGILL under a translator reproduces its row; executed there, or no translator, doesn't")
  func illegalInstruction() {
    let executed = [("AVX instruction", "executed")]
    let died = MechanismTable.illegalInstruction(table([("AVX instruction", "SIGILL")], control: executed))
    #expect(died.outcome == .reproduced && died.figure == "control: executed, valgrind: SIGILL")
    #expect(MechanismTable.illegalInstruction(table(executed, control: executed)).outcome == .notReproduced)
    let alone = MechanismTable.illegalInstruction(ProbeTable(columns: [column(nil, executed)]))
    #expect(alone.outcome == .notRunHere && alone.command == "sudo apt-get install qemu-user")
    #expect(MechanismTable.illegalInstruction(nil).outcome == .notRunHere)
  }

  @Test("a translator that is missing is not run here, with the way to install it")
  func missingTranslator() {
    let problem = Omission("instructions", reason: "the translator 'valgrind' is not installed")
    let table = ProbeTable(columns: [column(nil, []), column("valgrind", [], omissions: [problem])])
    let row = MechanismTable.controlWord(table)
    #expect(row.outcome == .notRunHere && row.figure == problem.reason)
    #expect(row.command == "sudo apt-get install valgrind")
  }

  @Test("a norm that loses more than a percent reproduces the wrong native side; an ARM64 worker is needed")
  func wrongNorm() {
    func row(_ value: String) -> MechanismRow {
      MechanismTable.wrongNorm(
        ProbeTable(columns: [
          column("qemu", [("BLAS core", "armv8"), ("snrm2 of 50000000", value)], architecture: "aarch64")
        ]))
    }
    #expect(row("1e+06 u").outcome == .reproduced)
    #expect(row("1e+06 u").figure == "5.96 % at 50,000,000 numbers, kernels armv8")
    #expect(row("0.5 u").outcome == .notReproduced)
    let missing = MechanismTable.wrongNorm(
      ProbeTable(columns: [column("qemu", [], architecture: "aarch64")]))
    #expect(missing.outcome == .notRunHere && missing.command == "scripts/build-worker arm64")
  }

  @Test("denormals that are lost are told from those that are kept")
  func denormals() {
    func row(wrong: Int) -> MechanismRow {
      MechanismTable.denormals(
        DenormalCosts(
          rows: [
            .init(
              engine: "native", operation: "x + x", count: 8, normalSeconds: 1, denormalSeconds: 3,
              wrong: wrong, flushed: wrong)
          ], omissions: []))
    }
    #expect(row(wrong: 0).outcome == .notReproduced)
    #expect(
      row(wrong: 0).figure
        == "kept on all engines; the dearest takes 3.0 times as long (x + x, native)")
    #expect(row(wrong: 8).outcome == .reproduced)
    #expect(MechanismTable.denormals(nil).outcome == .notRunHere)
  }

  @Test("conversions as documented don't reproduce types that mean something else; a wrong one does")
  func dataTypes() {
    func row(wrong: [String], sum: [Int64] = [2, 3, 4, 5]) -> MechanismRow {
      MechanismTable.dataTypes(
        ConversionFindings(
          rows: [.init(engine: "native", checked: 500, wrong: wrong, sum: sum, sumDType: "int64")],
          roundTrips: [], omissions: []))
    }
    #expect(row(wrong: []).outcome == .notReproduced)
    #expect(row(wrong: ["float32 3e9 → int32: 7, not 9"]).outcome == .reproduced)
    #expect(row(wrong: [], sum: [2, 3, 4, 6]).outcome == .reproduced)
    #expect(MechanismTable.dataTypes(nil).outcome == .notRunHere)
  }

  @Test("only bits that translation changes reproduce instability under translation")
  func instability() {
    func row(_ differing: Int, first: String = "control-x86 (rosetta2-launch)") -> MechanismRow {
      MechanismTable.instability(
        AccountExamples(
          runs: [],
          equalities: [
            .init(
              subject: .matmul32, first: first, second: "emulated-x86 (qemu, rosetta2-launch)", size: 100,
              differing: differing, count: 10_000)
          ], omissions: []))
    }
    #expect(row(0).outcome == .notReproduced)
    #expect(row(3).outcome == .reproduced)
    #expect(row(3).figure.hasPrefix("3 of 10,000 elements differ from the control's"))
    // Native has other kernels: what differs there is dispatch's doing.
    #expect(row(3, first: "native").outcome == .notRunHere)
  }

  @Test("fates that change with the kernels, and a rate that doesn't under translation")
  func trainings() {
    let divergence = Self.divergence(control: [1, 2], emulated: [1, 2])
    #expect(MechanismTable.fates(divergence).outcome == .reproduced)
    #expect(
      MechanismTable.fates(divergence).figure
        == "native, control: 2 of 8 change fate, shares of failures 2 of 8 and 2 of 8")
    let rate = MechanismTable.failureRate(divergence)
    #expect(rate.outcome == .notReproduced)
    #expect(rate.figure.hasPrefix("emulated against control: 8 of 8 trainings with the same bits"))
  }

  @Test("the same fates on both kernel sets, and a clearly higher rate under translation")
  func otherTrainings() {
    let divergence = Self.divergence(control: [0, 1], emulated: Array(0..<8))
    #expect(MechanismTable.fates(divergence).outcome == .notReproduced)
    // All six that change fate fail under translation alone: p = 2⁻⁵.
    #expect(MechanismTable.failureRate(divergence).outcome == .reproduced)
  }

  @Test("without trainings their rows say that they were not run")
  func noTrainings() {
    let rows = MechanismTable.rows(MechanismFindings(), divergence: nil)
    #expect(rows.count == 14)
    #expect(rows.allSatisfy { $0.outcome == .notRunHere })
    #expect(Set(rows.map(\.mechanism)).count == rows.count)
  }

  /// Eight seeds; natively 0 and 1 fail.
  private static func divergence(control: [UInt64], emulated: [UInt64]) -> Divergence {
    func outcomes(_ failed: [UInt64]) -> [DivergenceOutcome] {
      (0..<UInt64(8)).map {
        let hasFailed = failed.contains($0)
        return DivergenceOutcome(seed: $0, hasFailed: hasFailed, digest: "\($0) \(hasFailed)")
      }
    }
    let engines = [("native", outcomes([0, 1])), ("control", outcomes(control))]
    let translated = ("emulated", outcomes(emulated))
    return Divergence(
      trials: [], learningRate: 0.1, stepCount: 10, lossLimit: 2,
      fates: engines.map { .init($0.0, isTranslated: false, $0.1) }
        + [.init(translated.0, isTranslated: true, translated.1)],
      pairs: [
        Divergence.Pair(engines[0], engines[1]), Divergence.Pair(engines[0], translated),
        Divergence.Pair(engines[1], translated),
      ].compactMap(\.self))
  }
}
