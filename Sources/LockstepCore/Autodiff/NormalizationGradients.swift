// Gradients of batch and group normalisation. With d = x − mean and r = 1 / √(variance + ε), y = d · r · scale + offset.

/// The gradient of ``Operation/batchNorm(_:)``: of y by one operation, and of mean and variance, where somebody
/// differentiates those.
func batchNormPullback(
  _ attributes: BatchNormalization, _ record: Tape.Record, _ upstream: [Tensor?]
) -> [Tensor?] {
  let (x, scale, offset) = (record.inputs[0], record.inputs[1], record.inputs[2])
  let (mean, variance) = (record.outputs[1], record.outputs[2])
  var gradients: [Tensor?] = [nil, nil, nil]
  if let g = upstream[0] {
    gradients = Tensor.apply(.batchNormGradient(attributes), [g, x, scale, offset, mean, variance])
  }
  let rows = x.count / Swift.max(1, mean.count)
  if let g = upstream[1] { gradients[0] = sum(gradients[0], (g / rows).broadcast(to: x.shape)) }
  if let g = upstream[2] { gradients[0] = sum(gradients[0], (x - mean) * (g * 2 / rows)) }
  return gradients
}

/// The gradient of ``Operation/batchNormGradient(_:)``, in whose outputs mean and variance are operands like
/// any: dx = scale · r · (m − Σm/n − d · r² · Σmd/n), dScale = r · Σmd, dOffset = Σm, where m is g or 0.
func batchNormGradientPullback(
  _ attributes: BatchNormalization, _ inputs: [Tensor], _ upstream: [Tensor?]
) -> [Tensor?] {
  let (x, scale, variance) = (inputs[1], inputs[2], inputs[5])
  let rows = x.count / Swift.max(1, scale.count)
  let d = x - inputs[4]
  let r = (variance + attributes.epsilon).rsqrt()
  func masked(_ g: Tensor) -> Tensor {
    guard attributes.relu else { return g }
    let y = Tensor.apply(.batchNormInference(attributes), Array(inputs[1...]))[0]
    return .applied(.binary(.reluGradient), y, g)
  }
  func total(_ x: Tensor) -> Tensor { x.summed(to: scale.shape) }
  let m = masked(inputs[0])
  let products = total(m * d)
  var (atM, atD, atScale, atR): (Tensor?, Tensor?, Tensor?, Tensor?)
  if let u = upstream[0] {
    let slope = r.squared() * products / rows
    let spread = total(u * d)
    let bare = total(u * (m - total(m) / rows))
    atM = scale * r * (u - total(u) / rows - d * r.squared() * spread / rows)
    atD = -(scale * r * (u * slope + m * r.squared() * spread / rows))
    atScale = r * (bare - slope * spread)
    atR = scale * (bare - slope * spread * 3)
  }
  if let u = upstream[1] {
    atM = sum(atM, u * r * d)
    atD = sum(atD, u * r * m)
    atR = sum(atR, u * products)
  }
  if let u = upstream[2] { atM = sum(atM, u.broadcast(to: x.shape)) }
  return [
    atM.map(masked), atD, atScale, nil, atD.map { -total($0) }, atR.map { $0 * r.squared() * r * -0.5 },
  ]
}

/// The gradient of ``Operation/batchNormInference(_:)``, of which mean and variance are operands.
func batchNormInferencePullback(
  _ attributes: BatchNormalization, _ inputs: [Tensor], _ y: Tensor, _ g: Tensor
) -> [Tensor?] {
  let (x, scale, mean, variance) = (inputs[0], inputs[1], inputs[3], inputs[4])
  let passed = attributes.relu ? Tensor.applied(.binary(.reluGradient), y, g) : g
  let r = (variance + attributes.epsilon).rsqrt()
  let atX = passed * (scale * r)
  let sums = passed.summed(to: scale.shape)
  let products = (passed * (x - mean)).summed(to: scale.shape)
  return [
    atX, products * r, sums, -(sums * scale * r), products * scale * r * r.squared() * -0.5,
  ]
}

/// The gradient of ``Operation/groupNorm(_:)``: of y by one operation, and of mean and variance, where somebody
/// differentiates those.
func groupNormPullback(
  _ attributes: GroupNormalization, _ record: Tape.Record, _ upstream: [Tensor?]
) -> [Tensor?] {
  let (x, scale) = (record.inputs[0], record.inputs[1])
  let (mean, variance) = (record.outputs[1], record.outputs[2])
  var gradients: [Tensor?] = [nil, nil, nil]
  if let g = upstream[0] {
    gradients = Tensor.apply(.groupNormGradient(attributes), [g, x, scale, mean, variance])
  }
  let size = x.shape[-1] / attributes.groups
  let pixels = x.shape.dimensions.dropFirst().dropLast().reduce(1, *)
  let grouped: Shape = [x.shape[0], pixels, attributes.groups, size]
  func spread(_ moments: Tensor) -> Tensor { moments.reshaped(to: [x.shape[0], 1, attributes.groups, 1]) }
  let count = Swift.max(1, pixels * size)
  if let g = upstream[1] {
    gradients[0] = sum(gradients[0], (spread(g) / count).broadcast(to: grouped).reshaped(to: x.shape))
  }
  if let g = upstream[2] {
    let deviation = x.reshaped(to: grouped) - spread(mean)
    gradients[0] = sum(gradients[0], (deviation * (spread(g) * 2 / count)).reshaped(to: x.shape))
  }
  return gradients
}

private func sum(_ lhs: Tensor?, _ rhs: Tensor) -> Tensor { lhs.map { $0 + rhs } ?? rhs }
