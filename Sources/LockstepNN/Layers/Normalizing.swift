import LockstepCore

// What LayerNorm and GroupNorm share.
extension Layer {
  func requireEpsilon(_ epsilon: Double) throws(ModelError) {
    guard epsilon > 0, epsilon.isFinite else {
      throw misfit("epsilon must be a number above 0, not \(epsilon)")
    }
  }

  /// Every group of channels of `[batch, .., channels]` normalised; scale 1 and offset 0 where there are none.
  func normalized(
    _ x: Tensor, groups: Int, _ epsilon: Double, _ scale: Tensor?, _ offset: Tensor?
  ) -> Tensor {
    let channels: Shape = [x.shape[-1]]
    return x.groupNorm(
      scale: scale ?? .ones(channels, dtype: x.dtype, on: x.device),
      offset: offset ?? .zeros(channels, dtype: x.dtype, on: x.device),
      GroupNormalization(groups: groups, epsilon: epsilon)
    ).y
  }

  /// A layer that normalises, as it would be written.
  func normDescription(_ name: String, _ first: [String], _ epsilon: Double, _ isAffine: Bool) -> String {
    var arguments = first
    if epsilon != 1e-5 { arguments.append("epsilon: \(epsilon)") }
    if !isAffine { arguments.append("affine: false") }
    return arguments.isEmpty ? name : "\(name)(\(arguments.joined(separator: ", ")))"
  }
}
