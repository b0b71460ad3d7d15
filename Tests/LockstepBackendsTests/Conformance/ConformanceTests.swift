import LockstepBackends
import LockstepConformance
import LockstepCore
import Testing

@Suite("Conformance")
struct ConformanceTests {
  @Test("every case agrees with the reference on every backend", arguments: OperationKind.allCases)
  func agrees(_ kind: OperationKind) throws {
    let backends = try TestBackend.all.map { try $0.make() }
    for report in Conformance.run(backends, against: ReferenceBackend(), cases: kind.cases) {
      #expect(report.passed, "\(report)")
      #expect(report.skipped.isEmpty)
    }
  }

  @Test("memory, order and long queues are as the protocol promises", arguments: TestBackend.all)
  func keepsTheProtocol(_ backend: TestBackend) throws {
    let report = Conformance.checkProtocol(of: try backend.make())
    #expect(report.passed, "\(report)")
  }

  @Test(
    "indices and labels out of range are sticky errors that name the operation", arguments: TestBackend.all)
  func refusesIndices(_ backend: TestBackend) throws {
    let report = try Conformance.checkFailures(of: backend.make)
    #expect(report.passed, "\(report)")
    #expect(report.skipped.isEmpty)
  }

  @Test(
    "the tape's gradients agree with finite differences", arguments: TestBackend.all, OperationKind.allCases)
  func gradientsAgree(_ backend: TestBackend, _ kind: OperationKind) throws {
    let report = Conformance.checkGradients(on: try backend.make(), checks: kind.gradientChecks)
    #expect(report.passed, "\(report)")
  }

  /// How work is shared out does not depend on the instruction-set level, so the best one stands for all.
  @Test("the number of threads changes no bit", arguments: OperationKind.allCases)
  func threadsChangeNothing(_ kind: OperationKind) throws {
    let backend = try NativeBackend(threads: 3)
    let report = Conformance.compareBits(backend, with: try NativeBackend(threads: 1), cases: kind.cases)
    #expect(report.passed, "\(report)")
  }

  #if DEBUG
    @Test("fresh memory is NaN in debug builds, also where other tensors were", arguments: TestBackend.all)
    func freshMemoryIsPoisoned(_ backend: TestBackend) throws {
      let backend = try backend.make()
      for _ in 0..<3 {
        let buffer = backend.allocate(byteCount: 4096)
        var bytes = [UInt8](repeating: 0, count: 4096)
        try bytes.withUnsafeMutableBytes { try backend.download(buffer, into: $0) }
        #expect(bytes.allSatisfy { $0 == 0xFF })
        [UInt8](repeating: 7, count: 4096).withUnsafeBytes { backend.upload($0, to: buffer) }
        backend.release(buffer)
      }
    }
  #endif
}
