import Lockstep
import LockstepConformance
import LockstepCore
import Testing

@testable import LockstepBackends

/// What finds which fault; `docs/faults.md` has the same table.
@Suite("Every fault is found")
struct DetectionTests {
  enum Detector: CaseIterable {
    /// `train --check`.
    case sentinel
    /// The oracle's red band.
    case red
    /// The oracle's amber band.
    case amber
    /// The conformance suite.
    case conformance
  }

  /// An instruction in which a fault shows.
  struct Exhibit {
    let operation: Operation
    let inputs: [TensorValue]
    var origin = Origin()

    static func of(_ fault: Fault) -> Exhibit {
      let product = Operation.matmul(Matmul())
      switch fault {
      case .zeroTile, .nanLeak, .bfloat16Products, .tf32Products, .ulpNoise:
        return Exhibit(operation: product, inputs: [.random([40, 30]), .random([30, 20], seed: 2)])
      case .droppedLastTerm:
        return Exhibit(operation: product, inputs: [.random([8, 200]), .random([200, 8], seed: 2)])
      case .missingTerm:
        return Exhibit(
          operation: product,
          inputs: [.random([4, 32_800], .float64), .random([32_800, 1], seed: 2, .float64)])
      case .channelWrap:
        return Exhibit(operation: product, inputs: [.random([2, 3]), .random([3, 65_540], seed: 2)])
      case .shuffledWeightGradient:
        return Exhibit(
          operation: .conv2DWeightGradient(Convolution(), kernelHeight: 3, kernelWidth: 3),
          inputs: [.random([4, 8, 8, 3]), .random([4, 6, 6, 4], seed: 2)])
      case .scaledGradient:
        return Exhibit(
          operation: .conv2DWeightGradient(Convolution(), kernelHeight: 1, kernelWidth: 1),
          inputs: [.random([8, 4, 4, 3]), .random([8, 4, 4, 4], seed: 2)])
      case .float32Norm:
        return Exhibit(operation: .reduce(.sum, axes: [0]), inputs: [.random([4000], .float64)])
      case .x87Double:
        // One, and 4,096 numbers each too small to change it.
        let small = [Double](repeating: 0x1p-54, count: 4096)
        return Exhibit(
          operation: .reduce(.sum, axes: [0]),
          inputs: [TensorValue(TensorSpec([4097], .float64), reals: [1] + small)])
      case .truncatingConversion:
        return Exhibit(
          operation: .cast(.int32), inputs: [TensorValue(TensorSpec([3], .float64), reals: [1, 3e9, .nan])])
      }
    }
  }

  static let found: [Fault: Set<Detector>] = [
    .zeroTile: [.sentinel, .red, .conformance],
    .shuffledWeightGradient: [.sentinel, .red, .conformance],
    .channelWrap: [.sentinel, .red, .conformance],
    .nanLeak: [.sentinel, .red, .conformance],
    .droppedLastTerm: [.sentinel, .red, .conformance],
    .missingTerm: [.sentinel, .red, .conformance],
    .float32Norm: [.red, .conformance],
    .x87Double: [.amber, .conformance],
    .bfloat16Products: [.sentinel, .red, .conformance],
    .tf32Products: [.sentinel, .red, .conformance],
    .scaledGradient: [.sentinel, .red, .conformance],
    // A twin in training; but whole numbers have exact products, and results must not depend on the hour.
    .ulpNoise: [.conformance],
    .truncatingConversion: [.red, .conformance],
  ]

  /// Whether a detector takes the exhibit, or the suite's cases, for faulty.
  private func finds(_ detector: Detector, _ backend: FaultInjectingBackend, _ exhibit: Exhibit) throws
    -> Bool
  {
    switch detector {
    case .sentinel:
      let sentinel = SentinelBackend(backend, oracle: OperationOracle())
      do {
        _ = try sentinel.result(of: exhibit.operation, exhibit.inputs, origin: exhibit.origin)
        return false
      } catch BackendError.faultyOperation {
        return true
      }
    case .red, .amber:
      let output = try backend.result(of: exhibit.operation, exhibit.inputs, origin: exhibit.origin)
      let judgement = try OperationOracle().judge(
        exhibit.operation, inputs: exhibit.inputs, outputs: [output])
      return judgement.band == (detector == .red ? .red : .amber)
    case .conformance:
      let cases = conformanceCases(backend.fault, OperationKind(exhibit.operation))
      return !Conformance.run(backend, against: ReferenceBackend(), cases: cases).passed
    }
  }

  /// Those of the suite's cases that the fault concerns; not all, which takes long.
  private func conformanceCases(_ fault: Fault, _ kind: OperationKind) -> [ConformanceCase] {
    let nowhere = BufferID(rawValue: 0)
    let concerned = kind.cases.filter { example in
      fault.concerns(
        Instruction(
          example.operation, inputs: example.inputs.map { Operand(nowhere, $0.spec) },
          outputs: example.outputSpecs.map { Operand(nowhere, $0) }))
    }
    let bySize = concerned.sorted { $0.size < $1.size }
    return bySize.filter { (100...20_000).contains($0.size) }.suffix(20)
      + bySize.filter { $0.size > 65_000 }.suffix(2)
  }

  @Test("each by the detectors of the table and by no other", arguments: Fault.allCases)
  func detectors(_ fault: Fault) throws {
    let exhibit = Exhibit.of(fault)
    for detector in Detector.allCases {
      let backend = FaultInjectingBackend(try NativeBackend(threads: 2), fault, seed: 1, probability: 1)
      let isFound = try finds(detector, backend, exhibit)
      #expect(isFound == Self.found[fault]!.contains(detector), "\(fault), \(detector)")
      #expect(backend.injectionCount > 0 || detector == .conformance, "the exhibit shows the fault")
    }
    #expect(fault.isTwin == Self.found[fault]!.isDisjoint(with: [.sentinel, .red, .amber]))
  }

  @Test("nothing is found in the same instructions computed soundly", arguments: Fault.allCases)
  func sound(_ fault: Fault) throws {
    let exhibit = Exhibit.of(fault)
    let native = try NativeBackend(threads: 2)
    let sentinel = SentinelBackend(native, oracle: OperationOracle())
    let output = try sentinel.result(of: exhibit.operation, exhibit.inputs, origin: exhibit.origin)
    #expect(sentinel.report.judgedCount == 0)
    let judgement = try OperationOracle().judge(exhibit.operation, inputs: exhibit.inputs, outputs: [output])
    #expect(judgement.band == .green)
  }
}

extension ConformanceCase {
  /// How many elements go in and come out.
  fileprivate var size: Int {
    (inputs.map(\.spec) + outputSpecs).reduce(0) { $0 + $1.shape.count }
  }
}
