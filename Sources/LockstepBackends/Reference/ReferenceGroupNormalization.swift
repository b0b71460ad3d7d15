import LockstepCore

/// Group normalisation, group by group, as it is defined.
extension ReferenceKernels {
  static func groupNorm(
    _ attributes: GroupNormalization, _ x: ReferenceTensor, scale: ReferenceTensor, offset: ReferenceTensor,
    _ outputs: [TensorSpec]
  ) -> [ReferenceTensor] {
    let (x, scale, offset) = (x.reals, scale.reals, offset.reals)
    var y = x
    var (means, variances): ([Double], [Double]) = ([], [])
    for indices in groups(of: outputs[0].shape, attributes) {
      let count = Double(indices.count)
      let mean = sum(indices.map { x[$0] }) / count
      let variance = sum(indices.map { (x[$0] - mean) * (x[$0] - mean) }) / count
      let inverse = 1 / (variance + attributes.epsilon).squareRoot()
      for index in indices {
        let channel = index % scale.count
        y[index] = (x[index] - mean) * inverse * scale[channel] + offset[channel]
      }
      means.append(mean)
      variances.append(variance)
    }
    return zip(outputs, [y, means, variances]).map { ReferenceTensor($0, reals: $1) }
  }

  static func groupNormGradient(
    _ attributes: GroupNormalization, _ inputs: [ReferenceTensor], _ outputs: [TensorSpec]
  ) -> [ReferenceTensor] {
    let (g, x, scale) = (inputs[0].reals, inputs[1].reals, inputs[2].reals)
    let (mean, variance) = (inputs[3].reals, inputs[4].reals)
    var dx = x
    var dScale = [Double](repeating: 0, count: scale.count)
    var dOffset = dScale
    for (group, indices) in groups(of: outputs[0].shape, attributes).enumerated() {
      let inverse = 1 / (variance[group] + attributes.epsilon).squareRoot()
      let normal = indices.map { (x[$0] - mean[group]) * inverse }
      let scaled = indices.map { g[$0] * scale[$0 % scale.count] }
      let count = Double(indices.count)
      let total = sum(scaled) / count
      let product = sum(zip(scaled, normal).map { $0 * $1 }) / count
      for (position, index) in indices.enumerated() {
        dx[index] = inverse * (scaled[position] - total - normal[position] * product)
        dScale[index % scale.count] += g[index] * normal[position]
        dOffset[index % scale.count] += g[index]
      }
    }
    return zip(outputs, [dx, dScale, dOffset]).map { ReferenceTensor($0, reals: $1) }
  }

  /// Where the elements of each group of a tensor [batch, .., channels] are, example by example.
  private static func groups(of shape: Shape, _ attributes: GroupNormalization) -> [[Int]] {
    let channels = shape[-1]
    let size = channels / attributes.groups
    let pixels = shape.dimensions.dropFirst().dropLast().reduce(1, *)
    return (0..<shape[0]).flatMap { example in
      (0..<attributes.groups).map { group in
        (0..<pixels).flatMap { pixel in
          (0..<size).map { (example * pixels + pixel) * channels + group * size + $0 }
        }
      }
    }
  }
}
