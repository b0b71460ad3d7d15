import LockstepCore
import Testing

@Suite("Arithmetic", .onReference)
struct ArithmeticTests {
  @Test("broadcasts, and takes numbers on either side")
  func operators() throws {
    let x = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let row = Tensor([10, 20] as [Float])
    #expect(try (x + row).values == [11, 22, 13, 24])
    #expect(try (x - row).values == [-9, -18, -7, -16])
    #expect(try (x * row.reshaped([2, 1])).values == [10, 20, 60, 80])
    #expect(try (row / x).values == [10, 10, 10.0 / 3, 5].map { Double(Float($0)) })
    #expect(try (2 * x + 1).values == [3, 5, 7, 9])
    #expect(try (1 - x / 2).values == [0.5, 0, -0.5, -1])
    #expect(try (12 / x).values == [12, 6, 4, 3])
    #expect(try (-x).values == [-1, -2, -3, -4])
  }

  @Test("keeps the tensor's dtype when a number joins it")
  func scalars() throws {
    let integers = Tensor([5, -7] as [Int32])
    #expect((integers * 2).dtype == .int32)
    #expect(try (integers / 2).values == [2, -3])
    #expect(try (integers / 0).values == [0, 0])
    #expect((Tensor([1] as [Float]) * 0.1).dtype == .float32)
  }

  @Test("changes a tensor in place of the variable only")
  func compound() throws {
    var x = Tensor([1, 2] as [Float])
    let before = x
    x += 1
    x *= x
    x -= Tensor([1] as [Float])
    x /= 2
    #expect(try x.values == [1.5, 4])
    #expect(try before.values == [1, 2])
  }

  @Test("compares element by element, NaN being unequal to everything")
  func comparisons() throws {
    let x = Tensor([1, 2, .nan] as [Float])
    let y = Tensor([2, 2, .nan] as [Float])
    #expect(try (x == y).scalars(as: Bool.self) == [false, true, false])
    #expect(try (x != y).scalars(as: Bool.self) == [true, false, true])
    #expect(try (x < y).scalars(as: Bool.self) == [true, false, false])
    #expect(try (x <= 2).scalars(as: Bool.self) == [true, true, false])
    #expect(try (x > 1).scalars(as: Bool.self) == [false, true, false])
    #expect(try (x >= y).scalars(as: Bool.self) == [false, true, false])
  }

  @Test("combines truth values and selects by them")
  func logic() throws {
    let a = Tensor([true, true, false, false])
    let b = Tensor([true, false, true, false])
    #expect(try a.and(b).scalars(as: Bool.self) == [true, false, false, false])
    #expect(try a.or(b).scalars(as: Bool.self) == [true, true, true, false])
    #expect(try a.not().scalars(as: Bool.self) == [false, false, true, true])
    let chosen = Tensor.select(a, Tensor([1, 2, 3, 4]), Tensor(9))
    #expect(try chosen.scalars(as: Int.self) == [1, 2, 9, 9])
  }

  @Test("clamps to a closed range and passes NaN on")
  func clamped() throws {
    let x = Tensor([-5, 0.5, 5, .nan, .infinity] as [Float])
    expectClose(try x.clamped(to: -1...2).values, [-1, 0.5, 2, .nan, 2])
    #expect(try Tensor([-5, 5]).clamped(to: 0...3).values == [0, 3])
  }

  @Test("raises to powers, takes maxima and minima")
  func functions() throws {
    let x = Tensor([1, 4, 9] as [Float])
    #expect(try x.power(0.5).values == [1, 2, 3])
    #expect(try x.power(Tensor([0, 1, 2] as [Float])).values == [1, 4, 81])
    #expect(try x.maximum(Tensor(5 as Float)).values == [5, 5, 9])
    #expect(try x.minimum(Tensor(5 as Float)).values == [1, 4, 5])
  }
}

@Suite("The matrix product", .onReference)
struct MatmulTests {
  private let a = Tensor.range(0..<12, dtype: .float32)
  private let b = Tensor.range(0..<20, dtype: .float32)

  /// The product by the definition.
  private func product(_ a: [Double], _ b: [Double], m: Int, k: Int, n: Int) -> [Double] {
    (0..<m).flatMap { row in
      (0..<n).map { column in (0..<k).reduce(0) { $0 + a[row * k + $1] * b[$1 * n + column] } }
    }
  }

  @Test("reads either operand transposed")
  func transposes() throws {
    let (x, y) = (a.reshaped([3, 4]), b.reshaped([4, 5]))
    let expected = product(try x.values, try y.values, m: 3, k: 4, n: 5)
    #expect(try x.matmul(y).values == expected)
    #expect(try x.transposed().matmul(y, transposeA: true).values == expected)
    #expect(try x.matmul(y.transposed(), transposeB: true).values == expected)
    #expect(try x.transposed().matmul(y.transposed(), transposeA: true, transposeB: true).values == expected)
  }

  @Test("multiplies every matrix of a stack by one")
  func oneMatrix() throws {
    let stack = a.reshaped([3, 1, 2, 2])
    let matrix = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    let result = stack.matmul(matrix)
    #expect(result.shape == [3, 1, 2, 3])
    let expected = try (0..<3).flatMap { try stack[$0, 0].matmul(matrix).values }
    #expect(try result.values == expected)
    #expect(try stack.matmul(matrix.transposed(), transposeB: true).values == expected)
    let transposed = stack.transposed([0, 1, 3, 2]).matmul(matrix, transposeA: true)
    #expect(try transposed.values == expected)
  }

  @Test("broadcasts the batch dimensions of two stacks")
  func broadcast() throws {
    let x = a.reshaped([3, 1, 2, 2])
    let y = Tensor.range(0..<8, dtype: .float32).reshaped([2, 2, 2])
    let result = x.matmul(y)
    #expect(result.shape == [3, 2, 2, 2])
    for (i, j) in [(0, 0), (1, 1), (2, 0)] {
      #expect(try result[i, j].values == x[i, 0].matmul(y[j]).values)
    }
  }

  @Test("of empty operands is empty or zero")
  func empty() throws {
    #expect(Tensor.zeros([0, 3]).matmul(Tensor.zeros([3, 2])).shape == [0, 2])
    #expect(try Tensor.ones([1, 0]).matmul(Tensor.ones([0, 2])).values == [0, 0])
    #expect(try Tensor.ones([2, 1, 0]).matmul(Tensor.ones([0, 2])).values == [0, 0, 0, 0])
    #expect(Tensor.ones([0, 2, 3]).matmul(Tensor.ones([3, 4])).shape == [0, 2, 4])
  }

  @Test("by one matrix needs no copy of it for the batches")
  func noCopies() {
    let backend = MemoryBackend()
    let device = Device(backend)
    _ = Tensor.zeros([8, 2, 3], on: device).matmul(Tensor.zeros([3, 4], on: device))
    #expect(backend.instructions.map(\.operation.name) == ["fill", "fill", "matmul"])
  }
}
