import LockstepCore

extension Instruction {
  /// About how many floating-point operations it takes: multiplications and additions of products and
  /// convolutions, some dozens for an element of anything else. Good for time limits, not for benchmarks.
  var estimatedWork: Double {
    let sizes = (inputs + outputs).map { Double($0.spec.shape.count) }
    let elements = sizes.reduce(0, +)
    return 64 * elements + 2 * products
  }

  /// How many products are summed.
  private var products: Double {
    func count(_ operands: [Operand], _ index: Int) -> Double { Double(operands[index].spec.shape.count) }
    switch operation {
    case .matmul(let matmul):
      let inner = inputs[0].spec.shape[matmul.transposeA ? -2 : -1]
      return count(outputs, 0) * Double(inner)
    case .conv2D: return count(outputs, 0) * taps(inputs[1].spec.shape)
    case .conv2DInputGradient: return count(inputs, 0) * taps(inputs[1].spec.shape)
    case .conv2DWeightGradient: return count(inputs, 1) * taps(outputs[0].spec.shape)
    case .maxPool2D(let pooling), .averagePool2D(let pooling):
      return count(outputs, 0) * Double(pooling.kernel.height * pooling.kernel.width)
    case .averagePool2DGradient(let pooling, _, _):
      return count(inputs, 0) * Double(pooling.kernel.height * pooling.kernel.width)
    default: return 0
    }
  }

  /// How many weights meet at one output element of a convolution.
  private func taps(_ weight: Shape) -> Double { Double(weight[0] * weight[1] * weight[2]) }
}
