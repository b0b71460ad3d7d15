// Shape inference of batch normalisation and its gradient.
extension Operation {
  func inferNormalization(_ inputs: [TensorSpec]) throws(OperationError) -> [TensorSpec] {
    switch self {
    case .batchNorm(let attributes):
      let channels = try normalizedChannels(inputs[0], attributes, inputs.dropFirst())
      return [inputs[0], channels, channels]
    case .batchNormGradient(let attributes):
      let channels = try normalizedChannels(inputs[1], attributes, inputs.dropFirst(2))
      try requireSame(inputs[0], inputs[1])
      return [inputs[0], channels, channels]
    case .batchNormInference(let attributes):
      _ = try normalizedChannels(inputs[0], attributes, inputs.dropFirst())
      return [inputs[0]]
    default: trap("\(name) is no normalisation")
    }
  }

  /// What a number for every channel is, if all other operands are that.
  private func normalizedChannels(
    _ x: TensorSpec, _ attributes: BatchNormalization, _ others: ArraySlice<TensorSpec>
  ) throws(OperationError) -> TensorSpec {
    try requireFloatingPoint(x)
    try require(x.shape.rank >= 2, "needs [batch, .., channels], not \(x)")
    try require(
      attributes.epsilon >= 0 && attributes.epsilon.isFinite,
      "epsilon must be a number of at least 0: \(attributes.epsilon)")
    let channels = TensorSpec([x.shape[-1]], x.dtype)
    for other in others {
      try require(other == channels, "needs \(channels) for \(x), not \(other)")
    }
    return channels
  }
}
