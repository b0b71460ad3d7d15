import LockstepCore
import LockstepNN
import Testing

@Suite("Padding.same")
struct PaddingTests {
  /// TensorFlow's rule by search instead of by formula: the least padding that gives ⌈size / stride⌉ windows, the
  /// smaller half before the image.
  private func same(_ size: Int, kernel: Int, stride: Int, dilation: Int) -> (before: Int, after: Int) {
    let span = (kernel - 1) * dilation + 1
    let wanted = (size + stride - 1) / stride
    let total = (0...).first { padding in
      size + padding >= span && (size + padding - span) / stride + 1 >= wanted
    }!
    return (total / 2, total - total / 2)
  }

  @Test("It is the padding found by search, for every size, kernel, stride and dilation", arguments: 1...9)
  func search(_ size: Int) throws {
    for kernel in 1...5 {
      for stride in 1...4 {
        for dilation in 1...3 {
          let (before, after) = same(size, kernel: kernel, stride: stride, dilation: dilation)
          // Height and width get different sizes, so that they can't be confused.
          func layer(_ padding: Padding) -> Conv2D {
            Conv2D(
              1, kernel: Size2D(height: kernel, width: 3), stride: Size2D(height: stride, width: 2),
              padding: padding, dilation: Size2D(height: dilation, width: 1), bias: false)
          }
          let found = layer(.same)
          let shape = try found.build(input: [size, 8, 1])
          // 8 columns under a kernel of 3 with stride 2 lack one column, at the right.
          let wanted = layer(.edges(top: before, bottom: after, left: 0, right: 1))
          #expect(try shape == wanted.build(input: [size, 8, 1]))
          #expect(shape == [(size + stride - 1) / stride, 4, 1])
          let device = Device.reference()
          for layer in [found, wanted] {
            layer.weight!.value = .uniformForTests([kernel, 3, 1, 1], on: device)
          }
          let x = Tensor.uniformForTests([1, size, 8, 1], index: 1, on: device)
          #expect(
            try found(x).scalars(as: Float.self) == wanted(x).scalars(as: Float.self),
            "size \(size), kernel \(kernel), stride \(stride), dilation \(dilation)")
        }
      }
    }
  }
}
