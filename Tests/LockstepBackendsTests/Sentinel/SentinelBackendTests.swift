import LockstepBackends
import LockstepComparison
import LockstepCore
import Synchronization
import Testing

@Suite("Sentinel")
struct SentinelBackendTests {
  private static let product = Operation.matmul(Matmul())
  private static let inputs = [TensorValue.random([20, 30]), .random([30, 25], seed: 2)]
  private static let fault = FaultyOperation(
    operation: "matmul", origin: Origin(layer: "layers.1", phase: .backward), elementCount: 500,
    wrongCount: 1, elements: [.init(index: [3, 4], got: 0, exact: 0.5, rho: 1e6)])

  private func faulty(_ fault: Fault) -> FaultInjectingBackend {
    FaultInjectingBackend(ReferenceBackend(), fault, probability: 1)
  }

  @Test("sound results are not judged, and everything is counted")
  func sound() throws {
    let sentinel = SentinelBackend(try NativeBackend(threads: 2)) { _, _, _ in .faulty(Self.fault) }
    for _ in 0..<3 { _ = try sentinel.result(of: Self.product, Self.inputs) }
    _ = try sentinel.result(of: .unary(.exp), [.random([100])])
    let report = sentinel.report
    #expect(report.operationCount == 3 && report.elementCount == 3 * 20 * 25 && report.judgedCount == 0)
    #expect(report.checkTime > .zero && report.judgementTime == .zero)
    #expect(sentinel.descriptor.isChecked == true)
  }

  @Test("what is judged sound or poor goes on, and is counted")
  func judgedSound() throws {
    for verdict in [SentinelBackend.Verdict.sound, .poor] {
      let sentinel = SentinelBackend(faulty(.bfloat16Products)) { _, _, _ in verdict }
      _ = try sentinel.result(of: Self.product, Self.inputs)
      #expect(sentinel.report.judgedCount == 1)
      if case .poor = verdict { #expect(sentinel.report.poorCount == 1) }
    }
  }

  @Test("the judge is given the instruction with what went in and what came out")
  func judged() throws {
    let seen = Mutex<[TensorValue]>([])
    let sentinel = SentinelBackend(faulty(.zeroTile)) { instruction, inputs, outputs in
      seen.withLock { $0 = inputs + outputs }
      return instruction.operation == Self.product ? .sound : .poor
    }
    let result = try sentinel.result(of: Self.product, Self.inputs)
    #expect(seen.withLock { $0 } == Self.inputs + [result])
    #expect(sentinel.report.poorCount == 0)
  }

  @Test("after a faulty result nothing is executed, and every download and wait says so")
  func sticky() throws {
    let sentinel = SentinelBackend(faulty(.zeroTile)) { _, _, _ in .faulty(Self.fault) }
    #expect(throws: BackendError.faultyOperation(Self.fault)) {
      try sentinel.result(of: Self.product, Self.inputs)
    }
    #expect(throws: BackendError.faultyOperation(Self.fault)) { try sentinel.synchronize() }
    #expect(throws: BackendError.faultyOperation(Self.fault)) {
      try sentinel.result(of: .unary(.exp), [.random([3])])
    }
    #expect(sentinel.report.operationCount == 1)
  }

  @Test("a failure of the backend beneath is thrown as it is")
  func failures() throws {
    let sentinel = SentinelBackend(ReferenceBackend()) { _, _, _ in .sound }
    let indices = TensorValue(TensorSpec([1], .int32), integers: [9])
    #expect(throws: BackendError.indexOutOfRange(operation: "gather", origin: Origin())) {
      try sentinel.result(of: .gather(axis: 0), [.random([3]), indices])
    }
  }

  @Test("with an oracle only what is red is faulty, and it is named with its elements")
  func oracle() throws {
    let sentinel = SentinelBackend(faulty(.zeroTile), oracle: OperationOracle())
    let origin = Origin(layer: "layers.2", phase: .forward)
    do {
      _ = try sentinel.result(of: Self.product, Self.inputs, origin: origin)
      Issue.record("a faulty result went by")
    } catch BackendError.faultyOperation(let fault) {
      #expect(fault.operation == "matmul" && fault.layer == "layers.2" && fault.phase == .forward)
      #expect(fault.wrongCount == 16 * 4 && fault.elementCount == 20 * 25)
      #expect(fault.elements.count == OperationJudgement.redElementLimit)
      #expect(fault.elements.allSatisfy { $0.got == 0 && $0.exact != 0 && $0.rho > 32 })
    }
    let twin = SentinelBackend(faulty(.ulpNoise), oracle: OperationOracle())
    _ = try twin.result(of: Self.product, Self.inputs)
    #expect(twin.report.judgedCount == 0)
  }

  @Test("infinities that the exact result has do not stop anything")
  func overflow() throws {
    let sentinel = SentinelBackend(try NativeBackend(threads: 1), oracle: OperationOracle())
    let huge = TensorValue.filled([2, 2], 1e30)
    #expect(
      try sentinel.result(of: Self.product, [huge, huge]).reals == [Double](repeating: .infinity, count: 4))
    let nan = TensorValue.filled([2, 2], .nan)
    #expect(try sentinel.result(of: Self.product, [nan, huge]).reals.allSatisfy(\.isNaN))
    #expect(sentinel.report.judgedCount == 2)
  }

  @Test("a fault is one line with step, layer, phase, share, elements")
  func description() {
    var fault = Self.fault
    fault.step = 12
    fault.wrongCount = 5
    #expect(
      "\(BackendError.faultyOperation(fault))"
        == "FAULTY OPERATION (step 12, layers.1 (backward), 5 of 500 elements): matmul gave 0.0 instead of 0.5 "
        + "at [3, 4] (ρ 1,000,000), …; no rounding explains it")
    fault = FaultyOperation(
      operation: "matmul", origin: Origin(), elementCount: 1, wrongCount: 1,
      elements: [.init(index: [0], got: .nan, exact: 1e-20, rho: .infinity)])
    #expect(
      "\(fault)"
        == "FAULTY OPERATION (outside of a training step, 1 of 1 elements): matmul gave nan instead of 1e-20 "
        + "at [0] (ρ inf); no rounding explains it")
  }
}
