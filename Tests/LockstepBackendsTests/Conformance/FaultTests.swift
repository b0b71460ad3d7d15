import LockstepBackends
import LockstepConformance
import LockstepCore
import Testing

@Suite("The suite can fail")
struct FaultTests {
  /// Small ones: what is shown is that a mistake is seen, not where.
  private static func cases(_ kind: OperationKind) -> [ConformanceCase] {
    kind.cases.filter { $0.outputSpecs[0].shape.count > 0 && $0.outputSpecs[0].shape.count < 1000 }
  }

  @Test(
    "every mistake is seen in every operation", arguments: FaultyBackend.Fault.allCases,
    OperationKind.allCases)
  func everyFaultIsSeen(_ fault: FaultyBackend.Fault, _ kind: OperationKind) {
    if fault == .modifiedInput && kind == .fill { return }  // It has no inputs.
    let cases = Self.cases(kind)
    let step = max(cases.count / 20, 1)
    let sample = stride(from: 0, to: cases.count, by: step).map { cases[$0] }
    let report = Conformance.run(FaultyBackend(fault), against: ReferenceBackend(), cases: sample)
    let seen = Set(report.failures.map(\.caseName))
    let missed = sample.map(\.name).filter { !seen.contains($0) }
    // A nudged NaN or infinity is what it was, and inputs without elements can't be modified.
    #expect(missed.count <= sample.count / 4, "missed: \(missed)")
    #expect(!seen.isEmpty)
  }

  @Test("a wrong backward operation is seen in the gradients it makes")
  func everyGradientFaultIsSeen() {
    let makers: [(wrong: OperationKind, seenIn: OperationKind)] = [
      (.conv2DInputGradient, .conv2D), (.conv2DWeightGradient, .conv2D), (.maxPool2DGradient, .maxPool2D),
      (.averagePool2DGradient, .averagePool2D), (.softmaxGradient, .softmax),
      (.logSoftmaxGradient, .logSoftmax),
      (.softmaxCrossEntropyGradient, .softmaxCrossEntropy), (.scatterAdd, .gather), (.gather, .scatterAdd),
      (.maxPool2DGather, .maxPool2DGradient), (.batchNormGradient, .batchNorm),
      (.groupNormGradient, .groupNorm), (.pad, .slice),
      (.slice, .pad),
    ]
    for (wrong, seenIn) in makers {
      let backend = FaultyBackend(.nudgedElement) { OperationKind($0) == wrong }
      let report = Conformance.checkGradients(on: backend, checks: seenIn.gradientChecks)
      #expect(!report.passed, "a wrong \(wrong) is not seen in the gradients of \(seenIn)")
    }
  }

  @Test("a failure is one line with the operation, the shapes, the element and the bound")
  func failuresAreReadable() throws {
    let matmul = ConformanceCase(
      "[2, 3] · [3, 2]", .matmul(Matmul()),
      [CaseInput([2, 3], .float32, .integers([1, 2, 3])), CaseInput([3, 2], .float32, .integers([1]))], .equal
    )
    let report = Conformance.run(FaultyBackend(.nudgedElement), against: ReferenceBackend(), cases: [matmul])
    #expect(
      report.description == """
        matmul [2, 3] · [3, 2] float32 (float32 [2, 3], float32 [3, 2]): \
        at [1, 1] got 6.0070004, want 6.0 (equal)
        faulty (none, none): 1 cases, 1 failed, 0 not supported
        """)
  }

  @Test("a difference between two backends is seen")
  func differencesAreSeen() {
    let cases = Self.cases(.matmul)
    #expect(Conformance.compareBits(ReferenceBackend(), with: ReferenceBackend(), cases: cases).passed)
    let report = Conformance.compareBits(
      FaultyBackend(.nudgedElement), with: ReferenceBackend(), cases: cases)
    #expect(report.failures.count == cases.count)
  }

  @Test("a backend that swallows an index out of range is seen")
  func swallowedErrorsAreSeen() {
    let report = Conformance.checkFailures { SwallowingBackend() }
    #expect(report.failures.count == report.caseCount)
  }
}

/// A backend that computes nothing and reports nothing.
private final class SwallowingBackend: Backend {
  let descriptor = BackendDescriptor(name: "swallowing", architecture: "none", isaLevel: "none", threads: 1)
  func supports(_ operation: Operation, _ dtype: DType) -> Bool { true }
  func allocate(byteCount: Int) -> BufferID { BufferID(rawValue: 0) }
  func release(_ buffer: BufferID) {}
  func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) {}
  func submit(_ instruction: Instruction) {}
  func download(_ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer) throws(BackendError) {}
  func synchronize() throws(BackendError) {}
}
