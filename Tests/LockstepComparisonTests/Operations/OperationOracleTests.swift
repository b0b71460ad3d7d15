import LockstepBackends
import LockstepComparison
import LockstepConformance
import LockstepCore
import Testing

@Suite("Operations held against the exact result")
struct OperationOracleTests {
  @Test("ρ and bands are NumPy's", arguments: GoldenBand.all)
  func agreesWithNumPy(_ golden: GoldenBand) throws {
    let judgement = try OperationOracle().judge(
      golden.operation, inputs: golden.inputs.map(\.single), outputs: [golden.output.single])
    #expect(judgement.terms == golden.terms)
    #expect(judgement.count == golden.output.data.count)
    #expect(judgement.amberCount == golden.amberCount)
    #expect(judgement.redCount == golden.redCount)
    let worst = try #require(golden.rho.data.max())
    let rho = judgement.worst?.rho ?? 0
    // Both round R and S to double precision, 2⁻²⁹ of what ρ counts in.
    #expect((rho - worst).magnitude <= 1e-6 * Double(golden.terms) + 1e-9 * worst)
    #expect(judgement.band == (golden.redCount > 0 ? .red : golden.amberCount > 0 ? .amber : .green))
  }

  @Test("healthy kernels of every level are green in every operation", arguments: OperationKind.allCases)
  func healthyKernelsAreGreen(_ kind: OperationKind) throws {
    let levels = try NativeBackend.availableISALevels.map { try NativeBackend(isaLevel: $0) }
    let backends: [any Backend] = [ReferenceBackend()] + levels
    // The slow ones show nothing more: they are long sums of what shorter ones are sums of, too.
    let cases = kind.cases.filter { Self.size(of: $0) <= 20_000 }
    #expect(!cases.isEmpty)
    for item in cases {
      let inputs = item.makeInputs()
      let exact = try OperationOracle().exactResults(
        of: item.operation, inputs: inputs, outputs: item.outputSpecs)
      for backend in backends {
        let judgement = exact.judge(try backend.outputs(of: item.operation, inputs, item.outputSpecs))
        #expect(
          judgement.band == .green, "\(item) on \(backend.descriptor.isaLevel): \(judgement)")
      }
    }
  }

  private static func size(of item: ConformanceCase) -> Int {
    (item.inputs.map(\.spec) + item.outputSpecs).reduce(0) { $0 + $1.shape.count }
  }
}

/// One element of a sound result changed: whether it is noticed, and named.
@Suite("Wrong elements")
struct WrongElementTests {
  private static let a = TensorValue(
    TensorSpec([3, 50], .float32), reals: (0..<150).map { Double($0 * 37 % 101) / 64 - 0.75 })
  private static let b = TensorValue(
    TensorSpec([50, 4], .float32), reals: (0..<200).map { Double($0 * 53 % 97) / 64 - 0.75 })

  /// The product with ρ of one element made to be about what is given.
  private func judge(rho: Double) throws -> OperationJudgement {
    let operation = Operation.matmul(Matmul())
    let spec = TensorSpec([3, 4], .float32)
    let oracle = OperationOracle()
    let exact = try ReferenceBackend().outputs(of: operation, [Self.a, Self.b], [spec])[0]
    let sums = try ReferenceBackend().outputs(
      of: operation, [Self.a.magnitudes, Self.b.magnitudes], [spec])[0]
    var reals = exact.reals
    reals[6] += rho * 0x1p-24 * sums.reals[6]
    return try oracle.judge(
      operation, inputs: [Self.a, Self.b], outputs: [TensorValue(spec, reals: reals)])
  }

  @Test(
    "are green, amber or red by how far off they are",
    arguments: [(27.0, OperationBand.green), (30, .amber), (51, .amber), (54, .red), (1e6, .red)])
  func bands(_ rho: Double, _ band: OperationBand) throws {
    let judgement = try judge(rho: rho)
    #expect(judgement.band == band)
    let worst = try #require(judgement.worst)
    #expect(worst.index == [1, 2])
    #expect((worst.rho - rho).magnitude < 1)
    #expect(judgement.amberCount == (band == .amber ? 1 : 0))
    #expect(judgement.redElements == (band == .red ? [worst] : []))
  }

  @Test(
    "that are not finite are red where nothing overflows", arguments: [Double.nan, .infinity, -.infinity])
  func nonFinite(_ value: Double) throws {
    let inputs = [TensorValue(TensorSpec([3], .float32), reals: [1, 2, 3])]
    let judgement = try OperationOracle().judge(
      .unary(.square), inputs: inputs,
      outputs: [TensorValue(TensorSpec([3], .float32), reals: [1, value, 9])])
    #expect(judgement.redElements.map(\.index) == [[1]])
    #expect(judgement.worst?.rho == .infinity)
  }

  @Test("are none where the exact result is beyond the type's largest number")
  func overflow() throws {
    let spec = TensorSpec([3], .float32)
    let inputs = [TensorValue(spec, reals: [1e30, -3e38, 2])]
    let right = TensorValue(spec, reals: [.infinity, .infinity, 4])
    #expect(try OperationOracle().judge(.unary(.square), inputs: inputs, outputs: [right]).band == .green)
    let capped = TensorValue(spec, reals: [3.4e38, .infinity, 4])
    #expect(try OperationOracle().judge(.unary(.square), inputs: inputs, outputs: [capped]).band == .red)
    let negative = TensorValue(spec, reals: [-.infinity, .infinity, 4])
    #expect(try OperationOracle().judge(.unary(.square), inputs: inputs, outputs: [negative]).band == .red)
  }

  @Test("NaN is right only where the exact result is")
  func nan() throws {
    let spec = TensorSpec([2], .float32)
    let inputs = [TensorValue(spec, reals: [-1, 4])]
    let right = TensorValue(spec, reals: [.nan, 2])
    #expect(try OperationOracle().judge(.unary(.sqrt), inputs: inputs, outputs: [right]).band == .green)
    let zero = TensorValue(spec, reals: [0, 2])
    #expect(try OperationOracle().judge(.unary(.sqrt), inputs: inputs, outputs: [zero]).redCount == 1)
  }

  @Test("of operations that only move or pick are red by one unit in the last place")
  func exactOperations() throws {
    let spec = TensorSpec([2, 2], .float32)
    let x = TensorValue(spec, reals: [1, -2, 0.5, 3])
    let moved = TensorValue(spec, reals: [1, 0.5, -2, 3])
    let off = TensorValue(spec, reals: [1, 0.5, -2, Double(Float(3).nextUp)])
    let transpose = Operation.transpose([1, 0])
    #expect(try OperationOracle().judge(transpose, inputs: [x], outputs: [moved]).band == .green)
    let judgement = try OperationOracle().judge(transpose, inputs: [x], outputs: [off])
    #expect(judgement.band == .red)
    #expect(judgement.terms == 0)
    #expect(judgement.redElements.map(\.index) == [[1, 1]])
  }

  @Test("of integers and bools are red")
  func integers() throws {
    let spec = TensorSpec([2], .int64)
    let inputs = [TensorValue(spec, integers: [.max, 5]), TensorValue(spec, integers: [1, 5])]
    let wrapped = TensorValue(spec, integers: [.min, 10])
    #expect(try OperationOracle().judge(.binary(.add), inputs: inputs, outputs: [wrapped]).band == .green)
    let saturated = TensorValue(spec, integers: [.max, 10])
    #expect(try OperationOracle().judge(.binary(.add), inputs: inputs, outputs: [saturated]).redCount == 1)
  }

  @Test("the wrong one of two outputs is named")
  func secondOutput() throws {
    let spec = TensorSpec([2], .float32)
    let inputs = [[1, 2], [0.5, 0.5], [0, 0]].map { TensorValue(spec, reals: $0) }
    let outputs = [TensorValue(spec, reals: [0.75, 1.75]), TensorValue(spec, reals: [0.5, 0.25])]
    let judgement = try OperationOracle().judge(
      .sgd(SGDStep(learningRate: 0.5)), inputs: inputs, outputs: outputs)
    #expect(judgement.redElements.map(\.output) == [1])
    #expect(judgement.redElements.map(\.index) == [[1]])
  }
}
