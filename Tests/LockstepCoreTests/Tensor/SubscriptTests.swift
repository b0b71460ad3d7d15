import LockstepCore
import Testing

/// Expectations are what NumPy gives for `numpy.arange(24).reshape(2, 3, 4)`.
@Suite("Subscripts take what Python's do", .onReference)
struct SubscriptTests {
  private func check(
    _ expected: [Int], _ shape: Shape, sourceLocation: SourceLocation = #_sourceLocation,
    _ part: (Tensor) -> Tensor
  ) throws {
    let result = part(Tensor.range(0..<24).reshaped([2, 3, 4]))
    #expect(result.shape == shape, sourceLocation: sourceLocation)
    #expect(try result.scalars(as: Int.self) == expected, sourceLocation: sourceLocation)
  }

  @Test("a number picks and drops the dimension; negative ones count from the end")
  func points() throws {
    try check(Array(12..<24), [3, 4]) { $0[1] }
    try check(Array(12..<24), [3, 4]) { $0[-1] }
    try check([4, 5, 6, 7], [4]) { $0[0, 1] }
    try check([23], []) { $0[-1, -1, -1] }
    try check([1, 5, 9, 13, 17, 21], [2, 3]) { $0[.all, .all, 1] }
  }

  @Test("a range keeps the dimension and is cut to it")
  func ranges() throws {
    try check([0, 1, 2, 3, 4, 5, 6, 7], [1, 2, 4]) { $0[0..<1, 0..<2] }
    try check([16, 17, 18, 19, 20, 21, 22, 23], [2, 4]) { $0[1, 1...] }
    try check([16, 17, 18, 19, 20, 21, 22, 23], [2, 4]) { $0[1, (-2)...] }
    try check([12, 13, 14, 15, 16, 17, 18, 19], [2, 4]) { $0[1, ..<2] }
    try check([12, 13, 14, 15, 16, 17, 18, 19], [2, 4]) { $0[1, ..<(-1)] }
    try check([12, 13, 14, 15, 16, 17, 18, 19], [2, 4]) { $0[1, ...1] }
    try check([16, 17, 18, 19, 20, 21, 22, 23], [2, 4]) { $0[1, (-2)...(-1)] }
    try check([22, 23], [2]) { $0[1, 2, 2..<100] }
    try check([12, 13], [2]) { $0[1, 0, (-100)..<2] }
    try check([5, 6], [2]) { $0[0, 1, .from(1, to: -1)] }
  }

  @Test("a range with nothing in it gives a tensor without elements")
  func empty() throws {
    try check([], [2, 0, 4]) { $0[.all, 1..<1] }
    try check([], [0, 3, 4]) { $0[2...] }
    try check([], [2, 0, 4]) { $0[.all, .from(2, to: 1)] }
  }

  @Test("a step leaves out elements")
  func steps() throws {
    try check([0, 2], [2]) { $0[0, 0, .by(2)] }
    try check([1, 3], [2]) { $0[0, 0, .by(2, from: 1)] }
    try check([0], [1]) { $0[0, 0, .by(3, to: 3)] }
    try check([0, 3], [2]) { $0[0, 0, .by(3)] }
    try check([1], [1]) { $0[0, 0, .by(5, from: -3)] }
  }

  @Test("a new axis has size 1 and takes no dimension")
  func newAxis() throws {
    try check(Array(0..<24), [1, 2, 3, 4]) { $0[.newAxis] }
    try check(Array(0..<24), [2, 1, 3, 4]) { $0[0..., .newAxis] }
    try check([12, 13, 14, 15], [4, 1]) { $0[1, 0, .all, .newAxis] }
  }

  @Test("no index, or all of everything, is the tensor itself and computes nothing")
  func whole() {
    let backend = MemoryBackend()
    let tensor = Tensor([1, 2, 3], on: Device(backend))
    _ = tensor[.all]
    _ = tensor[0...]
    _ = tensor[.newAxis, .all]
    #expect(backend.instructions.isEmpty)
  }
}
