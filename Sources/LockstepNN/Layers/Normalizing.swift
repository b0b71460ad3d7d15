import LockstepCore

// What LayerNorm and GroupNorm share.
extension Layer {
  func requireEpsilon(_ epsilon: Double) throws(ModelError) {
    guard epsilon > 0, epsilon.isFinite else {
      throw misfit("epsilon must be a number above 0, not \(epsilon)")
    }
  }

  /// (x − mean) / √(variance + ε) of `[rows, pixels, channels]`, both moments of each row and each group of
  /// channels, in two passes.
  func normalized(_ x: Tensor, groups: Int, _ epsilon: Double) -> Tensor {
    let grouped = x.reshaped([x.shape[0], x.shape[1], groups, x.shape[2] / groups])
    let deviation = grouped - grouped.mean(1, 3, keepDimensions: true)
    let variance = deviation.squared().mean(1, 3, keepDimensions: true)
    return (deviation * (variance + epsilon).rsqrt()).reshaped(x.shape.dimensions)
  }

  /// A layer that normalises, as it would be written.
  func normDescription(_ name: String, _ first: [String], _ epsilon: Double, _ isAffine: Bool) -> String {
    var arguments = first
    if epsilon != 1e-5 { arguments.append("epsilon: \(epsilon)") }
    if !isAffine { arguments.append("affine: false") }
    return arguments.isEmpty ? name : "\(name)(\(arguments.joined(separator: ", ")))"
  }
}
