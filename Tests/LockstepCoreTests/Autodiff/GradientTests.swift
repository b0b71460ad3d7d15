import LockstepCore
import Testing

/// Rules are checked by finite differences in LockstepConformance; here is what the tape makes of them.
@Suite("A gradient", .onReference)
struct GradientTests {
  private let x = Tensor([1, 2, 3] as [Double])

  @Test("comes with the value")
  func valueToo() throws {
    let (value, gradients) = valueAndGradient(at: [x]) { $0[0].squared().sum() }
    #expect(try value.item() == 14)
    #expect(try gradients[0].values == [2, 4, 6])
    #expect(!value.isTracked && !gradients[0].isTracked)
  }

  @Test("is zeros where the value doesn't depend on the tensor")
  func unreachable() throws {
    let (_, gradients) = valueAndGradient(at: [x, Tensor([5, 6] as [Float])]) { $0[0].sum() }
    #expect(gradients[1].spec == TensorSpec([2], .float32))
    #expect(try gradients[1].values == [0, 0])
    let constant = gradient(at: x) { _ in Tensor(1.0) }
    #expect(try constant.values == [0, 0, 0])
  }

  @Test("adds up over the uses of a tensor")
  func accumulation() throws {
    let slope = gradient(at: x) { x in (x * 2 + x.squared() + x).sum() }
    #expect(try slope.values == [5, 7, 9])
  }

  @Test("adds up both operands where they are the same tensor")
  func sameOperand() throws {
    #expect(try gradient(at: x) { ($0 * $0).sum() }.values == [2, 4, 6])
    #expect(try gradient(at: x) { ($0 / $0).sum() }.values == [0, 0, 0])
    #expect(try gradient(at: x) { Tensor.concatenate([$0, $0, $0]).sum() }.values == [3, 3, 3])
  }

  @Test("is taken of every one of several tensors, the same one twice too")
  func several() throws {
    let (_, gradients) = valueAndGradient(at: [x, x]) { ($0[0] * $0[0] * $0[1]).sum() }
    #expect(try gradients[0].values == [2, 8, 18])
    #expect(try gradients[1].values == [1, 4, 9])
  }

  @Test("sums over what broadcasting repeated")
  func broadcasting() throws {
    let matrix = Tensor([1, 2, 3, 4, 5, 6] as [Double], shape: [2, 3])
    let (_, gradients) = valueAndGradient(at: [x, Tensor(2.0)]) { (matrix * $0[0] + $0[1]).sum() }
    #expect(try gradients[0].values == [5, 7, 9])
    #expect(try gradients[1].values == [6])
    #expect(gradients[1].shape == [])
  }

  @Test("does not flow through a detached tensor")
  func detached() throws {
    let slope = gradient(at: x) { ($0 * $0.detached()).sum() }
    #expect(try slope.values == [1, 2, 3])
  }

  @Test("does not flow through comparisons, rounding and conversions to integers")
  func piecewiseConstant() throws {
    let slope = gradient(at: x) { x in
      let mask = (x > 1.5).asType(.float64)
      let steps = x.floor() + x.asType(.int64).asType(.float64) + x.sign()
      return (x * mask + steps).sum()
    }
    #expect(try slope.values == [0, 1, 1])
  }

  @Test("flows through a conversion between floating-point types")
  func conversion() throws {
    let slope = gradient(at: x) { ($0.asType(.float32) * 3).sum() }
    #expect(slope.dtype == .float64)
    #expect(try slope.values == [3, 3, 3])
  }

  @Test("of a pooling goes to the pixels that won")
  func pooling() throws {
    let image = Tensor([1, 4, 3, 2] as [Double], shape: [1, 2, 2, 1])
    let slope = gradient(at: image) { $0.maxPool2D(Pooling(kernel: 2, WindowGeometry())).sum() }
    #expect(try slope.values == [0, 1, 0, 0])
  }

  @Test("of the cross-entropy is softmax less the target")
  func crossEntropy() throws {
    let logits = Tensor([1, 2, 3, -1, 0, 5] as [Double], shape: [2, 3])
    let slope = gradient(at: logits) { $0.softmaxCrossEntropy(labels: Tensor([2, 0])).sum() }
    let target = Tensor([0, 0, 1, 1, 0, 0] as [Double], shape: [2, 3])
    expectClose(try slope.values, try (logits.softmax() - target).values, tolerance: 1e-14)
  }

  @Test("lets an error of the function through")
  func throwing() {
    struct Failure: Error, Equatable {}
    #expect(throws: Failure()) {
      try valueAndGradient(at: [x]) { (_) throws(Failure) in throw Failure() }
    }
    #expect(!x.isTracked)
  }

  @Test("can be taken while another is, of a detached tensor")
  func independentInner() throws {
    let slope = gradient(at: x) { x in
      let inner = gradient(at: x.detached()) { $0.squared().sum() }
      return (x * inner).sum()
    }
    #expect(try slope.values == [2, 4, 6])
  }
}
