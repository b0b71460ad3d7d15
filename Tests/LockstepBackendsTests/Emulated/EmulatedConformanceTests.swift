@testable import LockstepBackends
import LockstepConformance
import LockstepCore
import Testing

@Suite("Conformance of the control")
struct ControlConformanceTests {
  @Test("every case agrees with the reference", arguments: OperationKind.allCases)
  func agrees(_ kind: OperationKind) throws {
    let report = Conformance.run(
      try EmulatedBackend(translator: .none), against: ReferenceBackend(), cases: kind.cases)
    #expect(report.passed, "\(report)")
    #expect(report.skipped.isEmpty)
  }

  @Test("memory, order and long queues are as the protocol promises")
  func keepsTheProtocol() throws {
    let report = Conformance.checkProtocol(of: try EmulatedBackend(translator: .none))
    #expect(report.passed, "\(report)")
  }

  @Test("indices and labels out of range are sticky errors that name the operation")
  func refusesIndices() throws {
    let report = try Conformance.checkFailures { () throws(BackendError) in
      try EmulatedBackend(translator: .none, threads: 1)
    }
    #expect(report.passed, "\(report)")
    #expect(report.skipped.isEmpty)
  }
}

/// Needs the worker of `scripts/build-worker arm64`.
@Suite(
  "Conformance of ARM64 under QEMU", .enabled(if: hasARM64Worker), .timeLimit(.minutes(10)))
struct ARM64ConformanceTests {
  @Test("every case agrees with the reference", arguments: OperationKind.allCases)
  func agrees(_ kind: OperationKind) throws {
    let backend = try EmulatedBackend(translator: .qemu, profile: .neoverseN1, threads: 2)
    #expect(backend.descriptor.name == "emulated-arm64" && backend.descriptor.isaLevel == "neon")
    let report = Conformance.run(backend, against: ReferenceBackend(), cases: kind.cases)
    #expect(report.passed, "\(report)")
    #expect(report.skipped.isEmpty)
  }
}

private let hasARM64Worker = (try? WorkerLocation.find(architecture: "aarch64")) != nil
