import LockstepBackends
@testable import LockstepConformance
import LockstepCore
import Testing

@Suite("Kernels by name")
struct OwnKernelsTests {
  @Test(
    "a worker with the native backend's kernels gives its bits", arguments: [OperationKind.matmul, .conv2D])
  func own(_ kind: OperationKind) throws {
    let native = try NativeBackend(threads: 1)
    let profile = CPUProfile.kernels(
      core: native.descriptor.blasCore, isaLevel: native.descriptor.isaLevel)
    let worker = try EmulatedBackend(translator: .none, profile: profile, threads: 1)
    for conformanceCase in kind.cases {
      let expected = try outputs(of: conformanceCase, on: native)
      #expect(try outputs(of: conformanceCase, on: worker) == expected, "\(conformanceCase)")
    }
  }

  @Test("and with others it gives other ones, though the CPU is the same")
  func others() throws {
    let native = try NativeBackend(threads: 1)
    let worker = try EmulatedBackend(
      translator: .none, profile: .kernels(core: "Core2", isaLevel: "scalar"), threads: 1)
    let cases = OperationKind.matmul.cases.filter { $0.dtype == .float32 }
    let results = try [native, worker].map { (backend: any Backend) in
      try cases.map { try outputs(of: $0, on: backend) }
    }
    #expect(results[0] != results[1])
  }

  private func outputs(of conformanceCase: ConformanceCase, on backend: any Backend) throws -> [[UInt8]] {
    let evaluation = try Evaluation(
      conformanceCase.operation, conformanceCase.makeInputs(), conformanceCase.outputSpecs, on: backend,
      fill: 0xFF)
    return evaluation.outputs.map(\.bytes)
  }
}
