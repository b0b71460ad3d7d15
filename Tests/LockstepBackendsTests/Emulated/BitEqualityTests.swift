import LockstepBackends
@testable import LockstepConformance
import LockstepCore
import Testing

@Suite("Translated and untranslated code give the same bits", .enabled(if: TranslatedTests.areWanted))
struct BitEqualityTests {
  @Test(
    "in every operation, NaNs' signs and payloads too", arguments: TranslatedWorker.all,
    OperationKind.allCases)
  func operations(_ worker: TranslatedWorker, _ kind: OperationKind) throws {
    let (translated, control) = (try worker.make(), try worker.makeControl())
    for conformanceCase in worker.cases(of: kind) {
      let expected = try outputs(of: conformanceCase, on: control)
      #expect(try outputs(of: conformanceCase, on: translated) == expected, "\(conformanceCase)")
    }
  }

  /// The bytes of the outputs, which nothing of what was there before must show in.
  private func outputs(of conformanceCase: ConformanceCase, on backend: any Backend) throws -> [[UInt8]] {
    let evaluation = try Evaluation(
      conformanceCase.operation, conformanceCase.makeInputs(), conformanceCase.outputSpecs, on: backend,
      fill: 0xFF)
    return evaluation.outputs.map(\.bytes)
  }

  /// If this finds no difference, the tests above could not find one either.
  @Test("while other kernels give others")
  func kernelsDiffer() throws {
    let profiles = [CPUProfile.rosetta2Launch, .core2]
    let matmuls = OperationKind.matmul.cases.filter { $0.dtype == .float32 }
    let results = try profiles.map { profile in
      let backend = try EmulatedBackend(translator: .none, profile: profile, threads: 1)
      return try matmuls.map { try outputs(of: $0, on: backend) }
    }
    #expect(results[0] != results[1])
  }
}
