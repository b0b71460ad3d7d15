import LockstepConformance
import LockstepCore
import Testing

@testable import LockstepBackends

@Suite("Freivalds' check")
struct ProductCheckTests {
  private static let products: [OperationKind] = [
    .matmul, .conv2D, .conv2DInputGradient, .conv2DWeightGradient,
  ]

  private static let same = Convolution(
    WindowGeometry(padding: EdgeInsets(top: 1, bottom: 1, left: 1, right: 1)))

  /// One of each kind, with results of a few thousand elements, and inputs.
  static let examples: [(operation: Operation, inputs: [TensorValue])] = [
    (.matmul(Matmul()), [.random([60, 70]), .random([70, 50], seed: 2)]),
    (.matmul(Matmul(transposeA: true)), [.random([70, 20]), .random([70, 90], seed: 2)]),
    (.conv2D(same), [.random([8, 9, 9, 6]), .random([3, 3, 6, 8], seed: 2)]),
    (
      .conv2DInputGradient(same, height: 9, width: 9),
      [.random([8, 9, 9, 8]), .random([3, 3, 6, 8], seed: 2)]
    ),
    (
      .conv2DWeightGradient(same, kernelHeight: 3, kernelWidth: 3),
      [.random([8, 9, 9, 6]), .random([8, 9, 9, 8], seed: 2)]
    ),
  ]

  private func check(
    _ backend: any Backend, _ operation: Operation, _ inputs: [TensorValue], seed: UInt64 = 0
  )
    throws -> ResultCheck
  {
    let probe = CheckProbe(backend, seed: seed)
    _ = try probe.result(of: operation, inputs)
    return try #require(probe.findings.first?.check)
  }

  @Test("sound results pass, whatever the shape, the geometry, the type and the level")
  func sound() throws {
    let probes = try TestBackend.all.map { (name: $0.name, probe: CheckProbe(try $0.make())) }
    for example in Self.products.flatMap(\.cases) {
      let inputs = example.makeInputs()
      guard inputs.allSatisfy({ $0.reals.allSatisfy(\.isFinite) }) else { continue }
      for (name, probe) in probes {
        _ = try probe.result(of: example.operation, inputs)
        let finding = try #require(probe.findings.last)
        #expect(finding.check.excess <= 1, "\(name), \(example): \(finding.check.excess)")
      }
    }
    for (name, probe) in probes {
      let isSeen = probe.findings.contains { $0.check.excess > 0 }
      #expect(isSeen, "\(name): rounding is seen, just not taken for a fault")
    }
  }

  @Test("one wrong element of thousands is noticed, wherever it is", arguments: 0..<examples.count)
  func oneElement(_ example: Int) throws {
    let (operation, inputs) = Self.examples[example]
    for seed in 0..<5 as Range<UInt64> {
      // The leak is of one element, drawn by the seed.
      let faulty = FaultInjectingBackend(try NativeBackend(threads: 2), .nanLeak, seed: seed, probability: 1)
      #expect(try check(faulty, operation, inputs).excess.isNaN)
      let spoiler = Spoiler(try NativeBackend(threads: 2)) { elements in
        elements[elements.count * Int(seed) / 5] += 0.1
      }
      #expect(try check(spoiler, operation, inputs, seed: seed).excess > 10)
    }
  }

  @Test("infinite results are noticed", arguments: 0..<examples.count)
  func infinity(_ example: Int) throws {
    let (operation, inputs) = Self.examples[example]
    let spoiler = Spoiler(try NativeBackend(threads: 2)) { $0[$0.count / 2] = -.infinity }
    #expect(try check(spoiler, operation, inputs).isSuspicious)
  }

  @Test(
    "what is found does not depend on the threads, nor on where the memory is", arguments: 0..<examples.count)
  func places(_ example: Int) throws {
    let (operation, inputs) = Self.examples[example]
    // Of a faulty result, whose differences are no rounding of the check's own.
    let fault = Fault.bfloat16Products
    let alone = try check(FaultInjectingBackend(try NativeBackend(threads: 1), fault), operation, inputs)
    let both = try check(FaultInjectingBackend(try NativeBackend(threads: 2), fault), operation, inputs)
    let copies = try check(FaultInjectingBackend(ReferenceBackend(), fault), operation, inputs)
    #expect(alone.excess == both.excess && alone.sumCount == both.sumCount && alone.excess > 1)
    #expect(abs(copies.excess / both.excess - 1) < 0.1)
  }

  @Test("a worker's results are checked in shared memory", arguments: 0..<examples.count)
  func worker(_ example: Int) throws {
    let (operation, inputs) = Self.examples[example]
    let worker = try EmulatedBackend(translator: .none, threads: 2)
    #expect(try check(worker, operation, inputs).excess <= 1)
    #expect(try check(FaultInjectingBackend(worker, .bfloat16Products), operation, inputs).isSuspicious)
  }

  @Test("other signs see another difference")
  func signs() throws {
    let (operation, inputs) = Self.examples[0]
    let backend = FaultInjectingBackend(try NativeBackend(threads: 1), .bfloat16Products)
    #expect(
      try check(backend, operation, inputs, seed: 1).excess
        != check(backend, operation, inputs, seed: 2).excess)
  }

  @Test("there is no check for anything else, nor for nothing")
  func others() throws {
    let probe = CheckProbe(ReferenceBackend())
    _ = try probe.result(of: .unary(.exp), [.random([3])])
    #expect(probe.findings.isEmpty)
    _ = try probe.result(of: .matmul(Matmul()), [.random([0, 3]), .random([3, 4])])
    _ = try probe.result(of: .matmul(Matmul()), [.random([2, 0]), .random([0, 4])])
    #expect(probe.findings.allSatisfy { $0.check.excess == 0 })
  }
}
