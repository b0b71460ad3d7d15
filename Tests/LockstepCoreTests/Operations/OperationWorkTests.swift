import LockstepCore
import Testing

@Suite("Work of operations")
struct OperationWorkTests {
  private static func floats(_ shape: Shape) -> TensorSpec { TensorSpec(shape, .float32) }

  @Test("a matrix product has two operations for every product, in whatever order its operands lie")
  func matmul() {
    let outputs = [Self.floats([2, 5])]
    let work = Operation.matmul(Matmul()).work([Self.floats([2, 3]), Self.floats([3, 5])], outputs)
    #expect(work.floatingPointOperations == 60)
    let elements: Double = 6 + 15 + 10
    #expect(work.byteCount == 4 * elements)
    let transposed = Operation.matmul(Matmul(transposeA: true, transposeB: true))
    #expect(
      transposed.work([Self.floats([3, 2]), Self.floats([5, 3])], outputs).floatingPointOperations == 60)
  }

  @Test(
    "the three directions of a convolution have the same products, with strides and groups",
    arguments: [(1, 1), (2, 1), (2, 2), (1, 4)])
  func convolution(stride: Int, groups: Int) {
    let convolution = Convolution(
      WindowGeometry(
        stride: Size2D(height: stride, width: stride),
        padding: EdgeInsets(top: 1, bottom: 1, left: 1, right: 1)), groups: groups)
    let size = (8 + 2 - 3) / stride + 1
    let (x, w, g) = (
      Self.floats([2, 8, 8, 4]), Self.floats([3, 3, 4 / groups, 12]), Self.floats([2, size, size, 12])
    )
    // For every output element as many products as taps of its group.
    let (outputs, taps) = (2 * size * size * 12, 3 * 3 * 4 / groups)
    let expected = Double(2 * outputs * taps)
    #expect(Operation.conv2D(convolution).work([x, w], [g]).floatingPointOperations == expected)
    let inputGradient = Operation.conv2DInputGradient(convolution, height: 8, width: 8)
    #expect(inputGradient.work([g, w], [x]).floatingPointOperations == expected)
    let weightGradient = Operation.conv2DWeightGradient(convolution, kernelHeight: 3, kernelWidth: 3)
    #expect(weightGradient.work([x, g], [w]).floatingPointOperations == expected)
  }

  @Test("other operations have bytes alone")
  func others() {
    let work = Operation.unary(.exp).work([Self.floats([10])], [Self.floats([10])])
    #expect(work == OperationWork(floatingPointOperations: nil, byteCount: 80))
  }

  @Test("a backend that only counts adds up by origin, and gives zeros")
  func counting() throws {
    let backend = CountingBackend()
    let device = Device(backend)
    let x = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2], on: device)
    let y = Origin.$current.withValue(Origin(layer: "a")) { x.matmul(x).matmul(x) }
    #expect(backend.work[Origin(layer: "a")]?.floatingPointOperations == 32)
    #expect(backend.floatingPointOperations == 32)
    #expect(try y.scalars(as: Float.self) == [0, 0, 0, 0])
  }
}
