import LockstepConformance
import LockstepCore
import Testing

@testable import LockstepComparison

@Suite("Exact sums")
struct ExactSumsTests {
  @Test(
    "are the reference's in every geometry, with their magnitudes",
    arguments: [
      OperationKind.matmul, .conv2D, .conv2DInputGradient, .conv2DWeightGradient, .reduce,
    ], [DType.float32, .float64])
  func agreeWithReference(_ kind: OperationKind, _ dtype: DType) throws {
    var count = 0
    for item in kind.cases where item.dtype == dtype {
      let (inputs, output) = (item.makeInputs(), item.outputSpecs[0])
      guard output.shape.count + inputs.reduce(0, { $0 + $1.spec.shape.count }) <= 20_000,
        case .accumulated = item.operation.accuracy(inputs: inputs, outputs: [output])
      else { continue }
      let sums = try ExactSums.evaluate(item.operation, inputs, output)
      let exact = try OperationOracle.evaluate(
        item.operation, inputs.map(\.doubled), [output.doubled])[0].reals
      let magnitudes = try OperationOracle.evaluate(
        item.operation, inputs.map(\.magnitudes.doubled), [output.doubled])[0].reals
      for (index, (sum, size)) in zip(exact, magnitudes).enumerated() {
        let isSame = { (a: Double, b: Double) in
          a == b || a.isNaN && b.isNaN || (a - b).magnitude <= 1e-12 * size
        }
        #expect(isSame(sums.exact[index], sum), "\(item) element \(index)")
        #expect(isSame(sums.magnitudes[index], size), "\(item) element \(index)")
      }
      count += 1
    }
    #expect(count > 5)
  }

  /// 2⁵³ + 1 − 2⁵³ in this order is 0 in double precision, and a product with 106 bits loses half of them.
  @Test("of doubles are as exact as in twice the precision")
  func compensated() throws {
    let row = TensorValue(TensorSpec([1, 3], .float64), reals: [0x1p53, 1, -0x1p53])
    let ones = TensorValue(TensorSpec([3, 1], .float64), reals: [1, 1, 1])
    let output = TensorSpec([1, 1], .float64)
    #expect(try ExactSums.evaluate(.matmul(Matmul()), [row, ones], output).exact == [1])
    let odd = 1 + 0x1p-52
    let factors = TensorValue(TensorSpec([1, 2], .float64), reals: [odd, -(1 + 0x1p-51)])
    let others = TensorValue(TensorSpec([2, 1], .float64), reals: [odd, 1])
    #expect(try ExactSums.evaluate(.matmul(Matmul()), [factors, others], output).exact == [0x1p-104])
    let sum = try ExactSums.evaluate(.reduce(.sum, axes: [1]), [row], TensorSpec([1], .float64))
    #expect(sum.exact == [1])
    #expect(sum.magnitudes == [0x1p54])
  }

  @Test("of infinities are infinite or NaN, not what compensation makes of them")
  func infinities() throws {
    let spec = TensorSpec([2, 3], .float64)
    let x = TensorValue(spec, reals: [1, .infinity, 2, .infinity, 1, -.infinity])
    let sums = try ExactSums.evaluate(.reduce(.sum, axes: [1]), [x], TensorSpec([2], .float64)).exact
    #expect(sums[0] == .infinity)
    #expect(sums[1].isNaN)
  }
}
