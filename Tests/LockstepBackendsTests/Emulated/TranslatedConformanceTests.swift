@testable import LockstepBackends
import LockstepConformance
import LockstepCore
import Testing

@Suite("Conformance under a translator", .enabled(if: TranslatedTests.areWanted))
struct TranslatedConformanceTests {
  @Test("cases agree with the reference under QEMU", arguments: OperationKind.allCases)
  func agrees(_ kind: OperationKind) throws {
    let worker = TranslatedWorker.qemu
    let report = Conformance.run(
      try worker.make(), against: ReferenceBackend(), cases: worker.cases(of: kind))
    #expect(report.passed, "\(report)")
    #expect(report.skipped.isEmpty)
  }

  @Test("memory, order and long queues are as the protocol promises", arguments: TranslatedWorker.all)
  func keepsTheProtocol(_ worker: TranslatedWorker) throws {
    let report = Conformance.checkProtocol(of: try worker.make())
    #expect(report.passed, "\(report)")
  }

  @Test("what is left out as too long leaves no function without a case", arguments: TranslatedWorker.all)
  func limitKeepsCoverage(_ worker: TranslatedWorker) {
    func names(_ cases: [ConformanceCase]) -> Set<String> {
      Set(cases.map { "\($0.operation.name) \($0.dtype)" })
    }
    for kind in OperationKind.allCases {
      #expect(names(worker.cases(of: kind)) == names(kind.cases), "\(kind)")
    }
  }
}

/// These are always run: they say why the others can't be.
@Suite("Translators the tests need")
struct TranslatorPresenceTests {
  @Test("QEMU and Valgrind are installed", .enabled(if: TranslatedTests.areWanted))
  func areInstalled() {
    for translator in [Translator.qemu, .valgrind] {
      let program = translator.program(architecture: "x86_64")!
      #expect(
        ProgramSearch.find(program) != nil,
        """
        \(program) is not installed: \(translator.installHint); \
        LOCKSTEP_SKIP_EMULATED=1 leaves these tests out, except in CI
        """)
    }
  }

  @Test(
    "the tests are left out only where that was asked for, and never in CI",
    arguments: [
      ([:], true), (["LOCKSTEP_SKIP_EMULATED": "1"], false), (["LOCKSTEP_SKIP_EMULATED": "0"], true),
      (["CI": "true"], true), (["CI": "true", "LOCKSTEP_SKIP_EMULATED": "1"], true),
    ] as [([String: String], Bool)])
  func areWanted(_ variables: [String: String], _ isWanted: Bool) {
    #expect(TranslatedTests.areWanted { variables[$0] } == isWanted)
  }
}
