// Shape inference of batch and group normalisation and their gradients.
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

  func inferGroupNormalization(_ inputs: [TensorSpec]) throws(OperationError) -> [TensorSpec] {
    switch self {
    case .groupNorm(let attributes):
      let (channels, groups) = try normalizedGroups(inputs[0], attributes)
      try require(
        inputs[1] == channels && inputs[2] == channels,
        "needs scale and offset \(channels) for "
          + "\(inputs[0]), not \(inputs[1]) and \(inputs[2])")
      return [inputs[0], groups, groups]
    case .groupNormGradient(let attributes):
      let (channels, groups) = try normalizedGroups(inputs[1], attributes)
      try requireSame(inputs[0], inputs[1])
      try require(inputs[2] == channels, "needs scale \(channels) for \(inputs[1]), not \(inputs[2])")
      try require(
        inputs[3] == groups && inputs[4] == groups,
        "needs mean and variance \(groups) for "
          + "\(inputs[1]), not \(inputs[3]) and \(inputs[4])")
      return [inputs[1], channels, channels]
    default: trap("\(name) is no group normalisation")
    }
  }

  /// What a number for every channel is, and one for every group of every example.
  private func normalizedGroups(
    _ x: TensorSpec, _ attributes: GroupNormalization
  ) throws(OperationError) -> (channels: TensorSpec, groups: TensorSpec) {
    try requireFloatingPoint(x)
    try require(x.shape.rank >= 2, "needs [batch, .., channels], not \(x)")
    let groups = attributes.groups
    try require(
      groups >= 1 && x.shape[-1] % groups == 0,
      "\(x.shape[-1]) channels of \(x) can't be cut into \(groups) groups")
    try require(
      attributes.epsilon >= 0 && attributes.epsilon.isFinite,
      "epsilon must be a number of at least 0: \(attributes.epsilon)")
    return (TensorSpec([x.shape[-1]], x.dtype), TensorSpec(try shape([x.shape[0], groups]), x.dtype))
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
