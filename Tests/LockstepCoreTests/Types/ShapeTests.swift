import Testing

@testable import LockstepCore

@Suite("Shape")
struct ShapeTests {
  @Test(
    "broadcasts by NumPy's rule",
    arguments: [
      // numpy.broadcast_shapes of the first two; nil where it raises.
      ([], [], []),
      ([], [3], [3]),
      ([3], [], [3]),
      ([1], [3], [3]),
      ([3], [3], [3]),
      ([3], [4], nil),
      ([2, 3], [3], [2, 3]),
      ([2, 3], [2], nil),
      ([2, 1], [1, 3], [2, 3]),
      ([8, 1, 6, 1], [7, 1, 5], [8, 7, 6, 5]),
      ([0], [1], [0]),
      ([1], [0], [0]),
      ([0], [2], nil),
      ([0, 3], [1, 1], [0, 3]),
      ([5, 0, 1], [0, 4], [5, 0, 4]),
      ([1, 1, 1], [1], [1, 1, 1]),
    ] as [([Int], [Int], [Int]?)])
  func broadcasting(_ lhs: [Int], _ rhs: [Int], _ expected: [Int]?) {
    #expect(Shape.broadcast(Shape(lhs), Shape(rhs))?.dimensions == expected)
    #expect(Shape.broadcast(Shape(rhs), Shape(lhs))?.dimensions == expected)
  }

  @Test("sums a broadcast's gradient over exactly the axes that were repeated")
  func broadcastAxes() {
    #expect(Shape([]).broadcastAxes(to: [2, 3]) == [0, 1])
    #expect(Shape([3]).broadcastAxes(to: [2, 3]) == [0])
    #expect(Shape([2, 1]).broadcastAxes(to: [2, 3]) == [1])
    #expect(Shape([1, 3]).broadcastAxes(to: [1, 3]) == [])
    #expect(Shape([1]).broadcastAxes(to: [0]) == [0])
  }

  @Test("counts elements and strides in row-major order")
  func countAndStrides() {
    #expect(Shape([2, 3, 4]).count == 24)
    #expect(Shape([2, 3, 4]).strides == [12, 4, 1])
    #expect(Shape([]).count == 1)
    #expect(Shape([]).strides == [])
    #expect(Shape([2, 0, 4]).count == 0)
    #expect(Shape([2, 0, 4]).strides == [0, 4, 1])
  }

  @Test("reads sizes from either end")
  func negativeAxes() {
    let shape: Shape = [2, 3, 4]
    #expect([shape[0], shape[2], shape[-1], shape[-3]] == [2, 4, 4, 2])
  }

  @Test("prints its sizes in brackets")
  func description() {
    #expect("\(Shape([64, 28, 28, 1]))" == "[64, 28, 28, 1]")
    #expect("\(Shape([]))" == "[]")
    #expect("\(TensorSpec([64, 10], .float32))" == "float32 [64, 10]")
  }

  @Test(
    "refuses what no tensor has",
    arguments: [
      ([2, -1], "can't be negative: [2, -1]"),
      ([1, 1, 1, 1, 1, 1, 1, 1, 1], "at most 8 dimensions"),
      ([1 << 31, 1 << 31], "no memory holds so many elements"),
      ([0, 1 << 40, 1 << 40], "no memory holds so many elements"),
    ])
  func refusals(_ dimensions: [Int], _ message: String) throws {
    #expect(try #require(Shape.problem(with: dimensions)).contains(message))
  }

  @Test("traps where it is created with such sizes")
  func traps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Shape([2, -1])
    }
    expectMessage(result, contains: "a dimension can't be negative: [2, -1]")
  }
}
