// How exactly group normalisation can be computed, in units of u.

/// The elements of a tensor [batch, .., channels] by group, counted through the batch.
private struct Groups {
  let channels: Int
  let count: Int
  private let groups, pixels: Int

  init(_ spec: TensorSpec, _ attributes: GroupNormalization) {
    channels = spec.shape[-1]
    groups = attributes.groups
    pixels = spec.shape.dimensions.dropFirst().dropLast().reduce(1, *)
    count = spec.shape[0] * groups
  }

  /// Where a group's elements are.
  func indices(_ group: Int) -> [Int] {
    let size = channels / groups
    let first = group / groups * pixels * channels + group % groups * size
    return (0..<pixels).flatMap { pixel in (0..<size).map { first + pixel * channels + $0 } }
  }

  /// Over how many elements a channel's gradients are added up.
  var rows: Int { count / max(1, groups) * pixels }
}

/// As of batch normalisation, but that every channel of a group has a scale and an offset of its own. Moments of
/// channels may be joined in double, which rounds the means.
func groupNormErrors(_ attributes: GroupNormalization, _ inputs: [TensorValue]) -> [[Double]] {
  let (x, scale, offset) = (inputs[0].reals, inputs[1].reals, inputs[2].reals)
  let groups = Groups(inputs[0].spec, attributes)
  let unit = inputs[0].spec.dtype.unitRoundoff
  var ys = [Double](repeating: 0, count: x.count)
  var (means, variances): ([Double], [Double]) = ([], [])
  for group in 0..<groups.count {
    let indices = groups.indices(group)
    let count = Double(indices.count)
    let additions = Accuracy.accumulationFactor(terms: indices.count) + 2
    let mean = indices.reduce(0) { $0 + x[$1] } / count
    let variance = indices.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / count
    let meanError = additions * indices.reduce(0) { $0 + x[$1].magnitude } / count
    let varianceError =
      (additions + 4) * variance + unit * meanError * meanError
      + 0x1p-53 / unit * mean.magnitude * variance.squareRoot()
    let inverse = 1 / (variance + attributes.epsilon).squareRoot()
    let inverseError = varianceError * inverse * inverse / 2 + 4
    means.append(meanError)
    variances.append(varianceError)
    for index in indices {
      let factor = scale[index % groups.channels].magnitude * inverse
      ys[index] =
        (x[index] - mean).magnitude * factor * (inverseError + 6) + factor * meanError
        + 4 * offset[index % groups.channels].magnitude
    }
  }
  return [ys, means, variances]
}

/// Two sums over a group, and two over all examples for each channel.
func groupNormGradientErrors(_ attributes: GroupNormalization, _ inputs: [TensorValue]) -> [[Double]] {
  let (g, x, scale) = (inputs[0].reals, inputs[1].reals, inputs[2].reals)
  let (mean, variance) = (inputs[3].reals, inputs[4].reals)
  let groups = Groups(inputs[1].spec, attributes)
  let additions = Accuracy.accumulationFactor(terms: groups.rows) + 6
  var dx = [Double](repeating: 0, count: x.count)
  var dScale = [Double](repeating: 0, count: groups.channels)
  var dOffset = dScale
  for group in 0..<groups.count {
    let inverse = 1 / (variance[group] + attributes.epsilon).squareRoot()
    let indices = groups.indices(group)
    let own = Accuracy.accumulationFactor(terms: indices.count) + 6
    var (sum, product) = (0.0, 0.0)
    for index in indices {
      let channel = index % groups.channels
      let deviation = (x[index] - mean[group]).magnitude
      sum += (g[index] * scale[channel]).magnitude
      product += (g[index] * scale[channel]).magnitude * deviation
      dScale[channel] += additions * g[index].magnitude * deviation * inverse
      dOffset[channel] += additions * g[index].magnitude
    }
    let count = Double(indices.count)
    for index in indices {
      let deviation = (x[index] - mean[group]).magnitude
      dx[index] =
        inverse
        * (8 * (g[index] * scale[index % groups.channels]).magnitude + own * sum / count
          + deviation * inverse * inverse * 2 * own * product / count)
    }
  }
  return [dx, dScale, dOffset]
}
