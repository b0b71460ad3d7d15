extension Operation {
  /// Whether every element of the result is a sum of products of the inputs' elements: matrix products,
  /// convolutions and their gradients.
  package var isSumOfProducts: Bool {
    switch self {
    case .matmul, .conv2D, .conv2DInputGradient, .conv2DWeightGradient: true
    default: false
    }
  }

  /// How many products an element of the result adds up, those with padding among them; nil for operations
  /// that are no sums of products.
  ///
  /// - Parameter inputs: what the operands are.
  package func productCount(_ inputs: [TensorSpec]) -> Int? {
    switch self {
    case .matmul(let matmul):
      return inputs[0].shape[matmul.transposeA ? -2 : -1]
    case .conv2D:
      let weight = inputs[1].shape
      return weight[0] * weight[1] * weight[2]
    case .conv2DInputGradient(let convolution, _, _):
      let weight = inputs[1].shape
      return weight[0] * weight[1] * weight[3] / convolution.groups
    case .conv2DWeightGradient:
      let gradient = inputs[1].shape
      return gradient[0] * gradient[1] * gradient[2]
    default:
      return nil
    }
  }
}
