import LockstepBackends
import LockstepCore
import Testing

@Suite("Fault library")
struct FaultLibraryTests {
  private static let same = Convolution(
    WindowGeometry(padding: EdgeInsets(top: 1, bottom: 1, left: 1, right: 1)))

  private func faulty(_ fault: Fault, seed: UInt64 = 0, probability: Double = 1) -> FaultInjectingBackend {
    FaultInjectingBackend(ReferenceBackend(), fault, seed: seed, probability: probability)
  }

  @Test("names are unlike, and every fault has its line and what it stands for")
  func descriptions() {
    #expect(Set(Fault.allCases.map(\.name)).count == Fault.allCases.count)
    for fault in Fault.allCases {
      #expect(!fault.summary.isEmpty && !fault.standsFor.isEmpty)
      #expect(!fault.summary.contains("\n"))
    }
  }

  @Test("the descriptor says that it is faulty, and is the inner one's otherwise")
  func descriptor() {
    let backend = faulty(.zeroTile, seed: 7, probability: 0.25)
    #expect(backend.descriptor.fault == InjectedFault(name: "zero-tile", seed: 7, probability: 0.25))
    var rest = backend.descriptor
    rest.fault = nil
    #expect(rest == ReferenceBackend().descriptor)
    #expect(faulty(.scaledGradient, probability: 0.25).descriptor.fault?.probability == 1)
  }

  @Test("what a fault does not concern is left alone", arguments: Fault.allCases)
  func unconcerned(_ fault: Fault) throws {
    let backend = faulty(fault)
    let x = TensorValue.random([4, 5])
    #expect(try backend.result(of: .unary(.exp), [x]) == ReferenceBackend().result(of: .unary(.exp), [x]))
    #expect(backend.injectionCount == 0 && backend.firstInjection == nil)
  }

  @Test("a zero tile is 16 rows by 4 columns of zeros, elsewhere for another seed")
  func zeroTile() throws {
    let inputs = [TensorValue.random([40, 9]), .random([9, 20], seed: 2)]
    let sound = try ReferenceBackend().result(of: .matmul(Matmul()), inputs)
    var tiles: Set<[Int]> = []
    for seed in 1...4 as ClosedRange<UInt64> {
      let wrong = try faulty(.zeroTile, seed: seed).result(of: .matmul(Matmul()), inputs)
      let changed = sound.reals.indices.filter { sound.reals[$0] != wrong.reals[$0] }
      #expect(changed.count == 16 * 4 && changed.allSatisfy { wrong.reals[$0] == 0 })
      #expect(Set(changed.map { $0 / 20 }).count == 16 && Set(changed.map { $0 % 20 }).count == 4)
      tiles.insert(changed)
    }
    #expect(tiles.count > 1)
  }

  @Test("a sporadic fault strikes as often as it should, at the same instructions every time")
  func probability() throws {
    func strikes() throws -> [Bool] {
      let backend = faulty(.nanLeak, seed: 5, probability: 0.2)
      return try (0..<300).map { _ in
        try backend.result(of: .matmul(Matmul()), [.filled([2, 2], 1), .filled([2, 2], 1)]).reals
          .contains { $0.isNaN }
      }
    }
    let first = try strikes()
    // 60 ± 4.5 standard deviations of the binomial distribution.
    #expect((29...91).contains(first.filter { $0 }.count))
    #expect(try strikes() == first)
  }

  @Test("the weight gradient's channels are dealt out from either half")
  func shuffle() throws {
    let operation = Operation.conv2DWeightGradient(Convolution(), kernelHeight: 1, kernelWidth: 1)
    let g = TensorValue.counting([1, 1, 1, 6])
    let wrong = try faulty(.shuffledWeightGradient).result(of: operation, [.filled([1, 1, 1, 1], 1), g])
    #expect(wrong.reals == [1, 4, 2, 5, 3, 6])
  }

  @Test("columns beyond 65,536 repeat the first")
  func channelWrap() throws {
    let row = TensorValue.counting([1, 65_540])
    let wrong = try faulty(.channelWrap).result(of: .matmul(Matmul()), [.filled([1, 1], 1), row])
    #expect(wrong.reals.suffix(5) == [65_536, 1, 2, 3, 4])
    let backend = faulty(.channelWrap)
    _ = try backend.result(of: .matmul(Matmul()), [.filled([1, 1], 1), .counting([1, 65_536])])
    #expect(backend.injectionCount == 0)
  }

  @Test("the last of more than 128 products is missing, of every element")
  func lastTerm() throws {
    let (a, b) = (TensorValue.random([3, 129]), TensorValue.random([129, 2], seed: 2))
    let wrong = try faulty(.droppedLastTerm).result(of: .matmul(Matmul()), [a, b])
    for row in 0..<3 {
      for column in 0..<2 {
        let products = (0..<128).map { a.reals[row * 129 + $0] * b.reals[$0 * 2 + column] }
        #expect(wrong.reals[row * 2 + column] == Double(Float(products.reduce(0, +))))
      }
    }
    let backend = faulty(.droppedLastTerm)
    _ = try backend.result(of: .matmul(Matmul()), [.random([3, 128]), .random([128, 2])])
    #expect(backend.injectionCount == 0)
  }

  @Test("the products of a convolution and its gradients that go missing are the last of the loops")
  func lastTermOfConvolutions() throws {
    // Ones everywhere, so that an element is the number of its products.
    let (x, w) = (TensorValue.filled([2, 5, 5, 20], 1), TensorValue.filled([3, 3, 20, 16], 1))
    let g = TensorValue.filled([2, 5, 5, 16], 1)
    let forward = try faulty(.droppedLastTerm).result(of: .conv2D(Self.same), [x, w])
    #expect(forward.reals[(2 * 5 + 2) * 16] == 3 * 3 * 20 - 1)
    #expect(forward.reals[(4 * 5 + 4) * 16] == 2 * 2 * 20, "the last kernel tap is outside of the image")
    let input = try faulty(.droppedLastTerm).result(
      of: .conv2DInputGradient(Self.same, height: 5, width: 5), [g, w])
    #expect(input.reals[(2 * 5 + 2) * 20] == 3 * 3 * 16 - 1)
    let weight = try faulty(.droppedLastTerm).result(
      of: .conv2DWeightGradient(Self.same, kernelHeight: 3, kernelWidth: 3),
      [.filled([6, 5, 5, 2], 1), .filled([6, 5, 5, 3], 1)])
    #expect(weight.reals[(1 * 3 + 1) * 2 * 3] == 6 * 5 * 5 - 1)
  }

  @Test("from 32,767 products on one is missing")
  func missingTerm() throws {
    func sum(_ count: Int) throws -> Double {
      try faulty(.missingTerm).result(
        of: .matmul(Matmul()), [.filled([1, count], 1), .filled([count, 1], 1)]
      ).reals[0]
    }
    #expect(try sum(32_766) == 32_766)
    #expect(try sum(32_767) == 32_766)
    #expect(try sum(40_000) == 39_999)
  }

  @Test("a norm in one float32 loses what is small beside it, one in a double overflows on the way")
  func poorSums() throws {
    let small = TensorValue(
      TensorSpec([1025], .float64), reals: [1] + [Double](repeating: 0x1p-25, count: 1024))
    #expect(try faulty(.float32Norm).result(of: .reduce(.sum, axes: [0]), [small]).reals == [1])
    #expect(
      try faulty(.float32Norm).result(of: .reduce(.mean, axes: [0]), [small]).reals == [
        Double(1 / 1025 as Float)
      ])
    #expect(try faulty(.float32Norm).result(of: .reduce(.sumOfSquares, axes: [0]), [small]).reals == [1])
    let huge = TensorValue(TensorSpec([4], .float64), reals: [1.5e308, 1.5e308, -1.5e308, -1.5e308])
    #expect(try faulty(.x87Double).result(of: .reduce(.sum, axes: [0]), [huge]).reals == [.infinity])
    let rows = faulty(.float32Norm)
    _ = try rows.result(of: .reduce(.sum, axes: [1]), [.filled([2, 3], 1)])
    #expect(rows.injectionCount == 0)
  }

  @Test("products are rounded to 8 and to 11 bits")
  func rounding() throws {
    let (one, x) = (TensorValue.filled([1, 1], 1), TensorValue.filled([1, 1], 1.0 + 0x1p-8 + 0x1p-11))
    #expect(try faulty(.bfloat16Products).result(of: .matmul(Matmul()), [one, x]).reals == [1 + 0x1p-7])
    #expect(
      try faulty(.tf32Products).result(of: .matmul(Matmul()), [one, x]).reals == [1 + 0x1p-8 + 0x1p-10])
    let unusual = TensorValue(TensorSpec([1, 2], .float32), reals: [.infinity, .nan])
    let kept = try faulty(.bfloat16Products).result(of: .matmul(Matmul()), [one, unusual]).reals
    #expect(kept[0] == .infinity && kept[1].isNaN)
  }

  @Test("noise moves a product by no more than the neighbouring number, up and down, and not always")
  func ulpNoise() throws {
    let inputs = [TensorValue.random([30, 20]), .random([20, 30], seed: 2)]
    let sound = try ReferenceBackend().result(of: .matmul(Matmul()), inputs)
    let noisy = try faulty(.ulpNoise).result(of: .matmul(Matmul()), inputs)
    let steps = zip(sound.reals, noisy.reals).map { Float($0).ulps(to: Float($1)) }
    #expect(steps.allSatisfy { $0 <= 1 })
    // Half of 900, ± 5 standard deviations.
    #expect((375...525).contains(steps.filter { $0 == 1 }.count))
    #expect(zip(sound.reals, noisy.reals).contains { $0 < $1 })
    #expect(zip(sound.reals, noisy.reals).contains { $0 > $1 })
    #expect(Fault.allCases.filter(\.isTwin) == [.ulpNoise])
  }

  @Test("only gradients at weights are scaled")
  func scaledGradient() throws {
    let inputs = [TensorValue.filled([2, 3], 1), .filled([2, 4], 1)]
    let backend = faulty(.scaledGradient)
    let product = Operation.matmul(Matmul(transposeA: true))
    let forward = try backend.result(of: product, inputs)
    #expect(forward.reals == [Double](repeating: 2, count: 12))
    let origin = Origin(layer: "layers.3", phase: .backward)
    let gradient = try backend.result(of: product, inputs, origin: origin)
    #expect(gradient.reals == [Double](repeating: Double(1.98 as Float), count: 12))
    #expect(backend.firstInjection?.origin == origin && backend.firstInjection?.operation == "matmul")
  }

  @Test("what does not fit an integer type is cut to its low bits")
  func truncation() throws {
    let reals = TensorValue(TensorSpec([5], .float64), reals: [1.9, 0x1p32 + 3, 1e30, .nan, -2.5])
    #expect(
      try faulty(.truncatingConversion).result(of: .cast(.int32), [reals]).integers == [1, 3, 0, 0, -2])
    #expect(
      try faulty(.truncatingConversion).result(of: .cast(.int64), [reals]).integers
        == [1, 0x1_0000_0003, .min, .min, -2])
    let integers = TensorValue(TensorSpec([2], .int64), integers: [5, 0x1_0000_0007])
    #expect(try faulty(.truncatingConversion).result(of: .cast(.float64), [integers]).reals == [5, 7])
  }
}
