import LockstepCore
import Testing

@Suite("Layout", .onReference)
struct LayoutTests {
  private let x = Tensor.range(0..<6).reshaped([2, 3])

  @Test("conversions truncate towards zero, saturate and make NaN 0")
  func conversion() throws {
    let reals = Tensor([1.9, -1.9, 300, -300, .nan, .infinity] as [Float])
    #expect(try reals.asType(.int32).scalars(as: Int32.self) == [1, -1, 300, -300, 0, .max])
    #expect(try reals.asType(.uint8).scalars(as: UInt8.self) == [1, 0, 255, 0, 0, 255])
    #expect(try reals.asType(.bool).scalars(as: Bool.self)[0])
    #expect(try Tensor([true, false]).asType(.float64).scalars(as: Double.self) == [1, 0])
  }

  @Test("a conversion to the same type computes nothing")
  func sameType() {
    let backend = MemoryBackend()
    let tensor = Tensor([1, 2], on: Device(backend))
    _ = tensor.asType(.int64).reshaped([2]).broadcast(to: [2]).reshaped([2, 1])
    #expect(backend.instructions.isEmpty)
  }

  @Test("reshaping keeps the order, and works out one size")
  func reshape() throws {
    #expect(try x.reshaped([3, 2])[1].scalars(as: Int.self) == [2, 3])
    #expect(x.reshaped([-1]).shape == [6])
    #expect(x.reshaped([3, -1]).shape == [3, 2])
    #expect(x.flattened().shape == [6])
    #expect(Tensor.zeros([2, 3, 4]).flattened(from: 1).shape == [2, 12])
    #expect(Tensor.zeros([2, 3, 4]).flattened(from: -2).shape == [2, 12])
    #expect(Tensor.zeros([]).flattened().shape == [1])
    #expect(Tensor.zeros([1, 3, 1]).squeezed().shape == [3])
    #expect(x.expandingDimension(at: 0).shape == [1, 2, 3])
    #expect(x.expandingDimension(at: -1).shape == [2, 3, 1])
    #expect(x.expandingDimension(at: -3).shape == [1, 2, 3])
  }

  @Test("transposition permutes the dimensions")
  func transpose() throws {
    #expect(try x.transposed().scalars(as: Int.self) == [0, 3, 1, 4, 2, 5])
    let cube = Tensor.range(0..<24).reshaped([2, 3, 4])
    #expect(cube.transposed().shape == [4, 3, 2])
    let moved = cube.transposed([2, 0, 1])
    #expect(moved.shape == [4, 2, 3])
    #expect(try moved[1, 0].scalars(as: Int.self) == [1, 5, 9])
    #expect(cube.transposed([-1, 0, 1]).shape == [4, 2, 3])
  }

  @Test("broadcasting repeats")
  func broadcast() throws {
    let column = Tensor([1, 2]).reshaped([2, 1])
    #expect(
      try column.broadcast(to: [2, 2, 3]).scalars(as: Int.self) == [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2])
  }

  @Test("padding puts zeros around")
  func pad() throws {
    let padded = Tensor([1, 2, 3, 4], shape: [2, 2]).padded(low: [1, 0], high: [0, 1])
    #expect(padded.shape == [3, 3])
    #expect(try padded.scalars(as: Int.self) == [0, 0, 0, 1, 2, 0, 3, 4, 0])
  }

  @Test("concatenation joins any number of tensors in their order", arguments: [1, 2, 4, 5, 16, 17, 21])
  func concatenate(_ count: Int) throws {
    let parts = (0..<count).map { part in
      Tensor((0..<(part % 3)).map { part * 10 + $0 }, shape: [1, part % 3])
    }
    let expected = (0..<count).flatMap { part in (0..<(part % 3)).map { part * 10 + $0 } }
    let joined = Tensor.concatenate(parts, axis: -1)
    #expect(joined.shape == [1, expected.count])
    #expect(try joined.scalars(as: Int.self) == expected)
  }

  @Test("stacking makes a new dimension anywhere")
  func stack() throws {
    let parts = [Tensor([1, 2, 3]), Tensor([4, 5, 6])]
    #expect(Tensor.stack(parts).shape == [2, 3])
    let columns = Tensor.stack(parts, axis: -1)
    #expect(columns.shape == [3, 2])
    #expect(try columns.scalars(as: Int.self) == [1, 4, 2, 5, 3, 6])
  }

  @Test("gathering picks slices, repeatedly too")
  func gather() throws {
    let indices = Tensor([1, 0, 1] as [Int32])
    #expect(try x.gathered(indices).scalars(as: Int.self) == [3, 4, 5, 0, 1, 2, 3, 4, 5])
    #expect(try x.gathered(Tensor([2]), axis: -1).scalars(as: Int.self) == [2, 5])
  }

  @Test("an index out of range is an error when the result is read")
  func gatherOutOfRange() {
    let picked = x.gathered(Tensor([2]))
    #expect(throws: BackendError.self) { try picked.scalars(as: Int.self) }
  }
}
