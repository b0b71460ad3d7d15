import Lockstep
import Testing

@testable import LockstepComparison
@testable import LockstepCore

/// Moves elements of matrix products by one representable number where K is large enough.
private final class NudgedProducts: BackendDecorator {
  let inner: any Backend
  let firstInner: Int
  let stride: Int

  init(_ inner: any Backend, from firstInner: Int, everyElement stride: Int) {
    self.inner = inner
    self.firstInner = firstInner
    self.stride = stride
  }

  func submit(_ instruction: Instruction) {
    inner.submit(instruction)
    guard case .matmul = instruction.operation, instruction.inputs[0].spec.shape[1] >= firstInner else {
      return
    }
    var product = try! inner.value(of: instruction.outputs[0]).reals.map { Float($0) }
    for index in Swift.stride(from: 0, to: product.count, by: stride) {
      product[index] = product[index].nextUp
    }
    inner.write(
      TensorValue(instruction.outputs[0].spec, reals: product.map(Double.init)), to: instruction.outputs[0])
  }

}

/// Dies at a product, as a worker does that meets an instruction its CPU lacks.
private final class DyingBackend: BackendDecorator {
  let inner: any Backend = ReferenceBackend()
  func download(_ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer) throws(BackendError) {
    throw .workerExited(.signal(4), operation: "matmul", origin: Origin(), lastLines: ["registers"])
  }
}

@Suite("Agreement of kernels by size")
struct KernelAgreementTests {
  private static let plain = KernelCandidate("plain") { Device(ReferenceBackend()) }
  private static func nudged(from inner: Int, everyElement stride: Int = 1) -> KernelCandidate {
    KernelCandidate("nudged from \(inner)") {
      Device(NudgedProducts(ReferenceBackend(), from: inner, everyElement: stride))
    }
  }

  private func run(
    _ candidates: [KernelCandidate], largestInner: Int = 9, seconds: Double = 600
  ) -> KernelAgreement {
    KernelAgreementExperiment(candidates, largestInner: largestInner, until: Deadline(in: seconds)).run()
  }

  @Test func `the first size at which bits differ is found for every two kernels`() throws {
    let result = run([Self.plain, Self.nudged(from: 5), Self.nudged(from: 8)])
    #expect(result.pairs.count == 3)
    #expect(result.pair("plain", "nudged from 5")?.firstDifference == 5)
    #expect(result.pair("nudged from 8", "plain")?.firstDifference == 8)
    // From 8 on both are moved by the same: they agree again.
    let between = try #require(result.pair("nudged from 5", "nudged from 8"))
    #expect(between.firstDifference == 5)
    #expect(between.differingInnerCount == 3)
    #expect(between.shareBeyond == 3.0 / 5)
  }

  @Test func `shares count elements that differ`() throws {
    let pair = try #require(run([Self.plain, Self.nudged(from: 4, everyElement: 4)]).pairs.first)
    #expect(pair.shareAtFirst == 0.25)
    #expect(pair.shareBeyond == 0.25)
    #expect(pair.differingInnerCount == 6)
    #expect(pair.largestUlps == 1)
    // A step to the next number is at most two units of 2⁻²⁴ of it, and the terms' magnitudes are no less.
    #expect(pair.largestDifference > 0 && pair.largestDifference <= 2)
  }

  @Test func `kernels that agree have no first difference`() throws {
    let pair = try #require(run([Self.plain, Self.nudged(from: 99)]).pairs.first)
    #expect(pair.firstDifference == nil)
    #expect(pair.largestInner == 9)
    #expect(pair.shareBeyond == 0 && pair.largestUlps == 0)
  }

  @Test func `errors are held against double precision`() {
    let result = run([Self.plain, Self.nudged(from: 1)])
    // The reference backend adds in double precision: only the last rounding is left.
    #expect(result.kernels[0].largestError > 0.4 && result.kernels[0].largestError <= 1)
    #expect(result.kernels[1].largestError > result.kernels[0].largestError)
  }

  @Test func `kernels that don't start or die are named with the reason`() {
    let missing = KernelCandidate("missing") { () throws -> Device in
      throw BackendError.handshakeMismatch(what: "BLAS core", expected: "missing", found: "Haswell")
    }
    let dying = KernelCandidate("dying") { Device(DyingBackend()) }
    let result = run([missing, Self.plain, dying])
    #expect(result.kernels.map(\.didRun) == [false, true, false])
    #expect(result.kernels[0].problem?.contains("BLAS core should be missing and is Haswell") == true)
    #expect(result.kernels[2].problem?.contains("SIGILL") == true)
    #expect(result.kernels[2].problem?.contains("registers") == false)
    #expect(result.pairs.isEmpty)
    #expect(result.note == nil)
  }

  @Test func `without time nothing is computed, and that is said`() {
    let result = run([Self.plain, Self.nudged(from: 2)], seconds: 0)
    #expect(result.kernels.allSatisfy { !$0.didRun && $0.problem != nil })
    #expect(result.pairs.isEmpty)
    #expect(result.note?.contains("plain, nudged from 2") == true)
  }

  @Test func `a worker's kernels are the native backend's where they have the same name`() throws {
    let native = try NativeBackend(threads: 1).descriptor
    let own = KernelCandidate(
      "own", .worker(.none, .kernels(core: native.blasCore, isaLevel: native.isaLevel)))
    let none = KernelCandidate("none", .worker(.none, .kernels(core: "Abacus", isaLevel: native.isaLevel)))
    let result = run([KernelCandidate("native", .native()), own, none], largestInner: 24)
    #expect(result.pair("native", "own")?.largestInner == 24)
    #expect(result.pair("native", "own")?.firstDifference == nil)
    #expect(result.kernels[2].problem?.contains("BLAS core should be Abacus") == true)
  }

  @Test func `every architecture has candidates`() {
    #expect(KernelCandidate.coreNames(architecture: "x86_64").contains("Nehalem"))
    #expect(KernelCandidate.coreNames(architecture: "aarch64").contains("NEOVERSEN1"))
    #expect(!KernelCandidate.cores().isEmpty)
  }
}
