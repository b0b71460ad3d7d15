import LockstepBackends
import LockstepConformance
import LockstepCore
import Testing

/// The bits of a result belong to the shapes, not to who computed what.
@Suite("The number of threads")
struct ThreadCountTests {
  @Test(
    "changes no bit of any operation on sizes that are cut into shards", arguments: OperationKind.allCases)
  func changesNothing(_ kind: OperationKind) throws {
    let cases = ShardedCases.all.filter { OperationKind($0.operation) == kind }
    #expect(!cases.isEmpty)
    for shardedCase in cases {
      let inputs = shardedCase.makeInputs()
      let alone = try NativeBackend(threads: 1).outputs(of: shardedCase.operation, inputs)
      for threads in [2, 3, 5] {
        let together = try NativeBackend(threads: threads).outputs(of: shardedCase.operation, inputs)
        #expect(together == alone, "\(shardedCase.name) on \(threads) threads")
      }
    }
  }

  @Test("changes no bit of a long sum at any level", arguments: NativeBackend.availableISALevels)
  func changesNoSum(_ level: String) throws {
    let values = ConformanceCase(
      "long", .reduce(.sum, axes: [0]), [CaseInput([1_000_003], .float32, .uniform(-1...1))], .equal)
    let inputs = values.makeInputs()
    let alone = try NativeBackend(threads: 1, isaLevel: level).outputs(of: values.operation, inputs)
    let together = try NativeBackend(threads: 4, isaLevel: level).outputs(of: values.operation, inputs)
    #expect(together == alone)
  }

  @Test("does not lose a task in ten thousand short operations", arguments: [2, 5])
  func losesNothing(_ threads: Int) throws {
    let backend = try NativeBackend(threads: threads)
    let spec = TensorSpec([40_000], .int64)
    var total = TensorValue(spec, integers: [Int64](repeating: 0, count: 40_000))
    let one = TensorValue(TensorSpec([], .int64), integers: [1])
    var operands = [total, one, total].map { value in
      let buffer = backend.allocate(byteCount: value.bytes.count)
      value.bytes.withUnsafeBytes { backend.upload($0, to: buffer) }
      return Operand(buffer, value.spec)
    }
    for _ in 0..<10_000 {
      backend.submit(
        Instruction(.binary(.add), inputs: [operands[0], operands[1]], outputs: [operands[2]]))
      operands.swapAt(0, 2)
    }
    var bytes = [UInt8](repeating: 0, count: spec.byteCount)
    try bytes.withUnsafeMutableBytes { try backend.download(operands[0].buffer, into: $0) }
    total = TensorValue(spec, bytes: bytes)
    #expect(total.integers.allSatisfy { $0 == 10_000 })
  }

  @Test("is by default that of the processors this process may use")
  func isThatOfTheMachine() throws {
    let threads = try NativeBackend().descriptor.threads
    #expect(threads >= 1)
    #expect(try NativeBackend(threads: 3).descriptor.threads == 3)
  }

  @Test("must be positive", arguments: [0, -1])
  func mustBePositive(_ threads: Int) {
    #expect(throws: NativeBackendError.invalidThreadCount(threads)) { try NativeBackend(threads: threads) }
  }
}
