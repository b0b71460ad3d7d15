// The rules of pullback(_:_:) that need more than a line. `g` is the gradient at the operation's output.

/// d function(x) / dx · g, with y = function(x); nil where the function is piecewise constant.
func unaryGradient(_ function: UnaryFunction, _ x: Tensor, _ y: Tensor, _ g: Tensor) -> Tensor? {
  switch function {
  case .negate: -g
  case .absolute: g * x.sign()
  case .square: g * x * 2
  case .relu: .applied(.binary(.reluGradient), y, g)
  case .exp: g * y
  case .expm1: g * (y + 1)
  case .log: g / x
  case .log1p: g / (x + 1)
  case .sqrt: g * 0.5 / y
  case .rsqrt: g * -0.5 * y / x
  case .reciprocal: -(g * y.squared())
  case .tanh: .applied(.binary(.tanhGradient), y, g)
  case .sigmoid: .applied(.binary(.sigmoidGradient), y, g)
  case .softplus: g * x.sigmoid()
  case .erf: g * (-x.squared()).exp() * 1.1283791670955126  // 2 / √π
  case .sin: g * x.cos()
  case .cos: -(g * x.sin())
  case .sign, .floor, .ceil, .round, .logicalNot: nil
  }
}

/// The gradient at the left operand, before it is summed to the operand's shape; nil where none flows.
func binaryGradientAtLeft(_ function: BinaryFunction, _ a: Tensor, _ b: Tensor, _ g: Tensor) -> Tensor? {
  switch function {
  case .add, .subtract: g
  case .multiply: g * b
  case .divide: g / b
  // Where the exponent is 0 the power is constant, though its formula may be 0 · ∞.
  case .power: .select(b == 0, g.like(0), g * b * a.power(b - 1))
  case .maximum: g * shareOfExtremum(a, b, .greater)
  case .minimum: g * shareOfExtremum(a, b, .less)
  case .tanhGradient: g * b * a * -2
  case .sigmoidGradient: g * b * (1 - a * 2)
  // addReLU has a rule for both operands at once.
  case .addReLU, .reluGradient, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
    .logicalAnd,
    .logicalOr:
    nil
  }
}

/// The gradient at the right operand, before it is summed to the operand's shape; nil where none flows.
func binaryGradientAtRight(
  _ function: BinaryFunction, _ a: Tensor, _ b: Tensor, _ y: Tensor, _ g: Tensor
) -> Tensor? {
  switch function {
  case .add: g
  case .subtract: -g
  case .multiply: g * a
  case .divide: -(g * y / b)
  // Where the base is 0 the power is 0 or constant for exponents ≥ 0, though log(0) is −∞.
  case .power: .select((a == 0).and(b >= 0), g.like(0), g * y * a.log())
  case .maximum: g * shareOfExtremum(b, a, .greater)
  case .minimum: g * shareOfExtremum(b, a, .less)
  case .reluGradient, .tanhGradient, .sigmoidGradient: .applied(.binary(function), a, g)
  case .addReLU, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .logicalAnd, .logicalOr:
    nil
  }
}

/// 1 where `a` is the extreme one of two, ½ where they are equal, else 0.
private func shareOfExtremum(_ a: Tensor, _ b: Tensor, _ comparison: BinaryFunction) -> Tensor {
  let wins = Tensor.applied(.binary(comparison), a, b).asType(a.dtype)
  return wins + (a == b).asType(a.dtype) * 0.5
}

func reduceGradient(_ reduction: Reduction, _ axes: [Int], _ x: Tensor, _ y: Tensor, _ g: Tensor) -> Tensor {
  let kept = x.shape.keeping(axes)
  let spread = g.reshaped(to: kept)
  switch reduction {
  case .sum: return spread.broadcast(to: x.shape)
  case .mean: return (spread / axes.reduce(1) { $0 * x.shape[$1] }).broadcast(to: x.shape)
  case .sumOfSquares: return x * (spread * 2)
  case .max, .min:
    // Elements that tie for the extreme share its gradient evenly.
    let isExtreme = (x == y.reshaped(to: kept)).asType(x.dtype)
    let ties = Tensor.applied(.reduce(.sum, axes: axes), isExtreme).reshaped(to: kept)
    return isExtreme * (spread / ties)
  }
}

/// The gradient of y · (u − Σ y·u) at y, u being the operation's second input.
func softmaxGradientAtOutput(_ y: Tensor, _ u: Tensor, _ g: Tensor) -> Tensor {
  let inner = (y * u).sum(-1, keepDimensions: true)
  return g * (u - inner) - u * (g * y).sum(-1, keepDimensions: true)
}

func matmulGradientAtA(_ matmul: Matmul, b: Tensor, _ g: Tensor) -> Tensor {
  matmul.transposeA
    ? b.matmul(g, transposeA: matmul.transposeB, transposeB: true)
    : g.matmul(b, transposeB: !matmul.transposeB)
}

func matmulGradientAtB(_ matmul: Matmul, a: Tensor, _ g: Tensor) -> Tensor {
  matmul.transposeB
    ? g.matmul(a, transposeA: true, transposeB: matmul.transposeA)
    : a.matmul(g, transposeA: !matmul.transposeA)
}

func inverse(_ permutation: [Int]) -> [Int] {
  permutation.indices.map { axis in permutation.firstIndex(of: axis)! }
}

func sliceAdjoint(_ g: Tensor, _ slice: Slice, of shape: Shape) -> Tensor {
  let high = slice.sizes.indices.map { axis in
    let span = slice.sizes[axis] == 0 ? 0 : (slice.sizes[axis] - 1) * slice.steps[axis] + 1
    return shape[axis] - slice.starts[axis] - span
  }
  return .applied(.pad(Pad(low: slice.starts, high: high, interior: slice.steps.map { $0 - 1 })), g)
}

func padAdjoint(_ g: Tensor, _ pad: Pad, of shape: Shape) -> Tensor {
  let slice = Slice(starts: pad.low, sizes: shape.dimensions, steps: pad.interior.map { $0 + 1 })
  return .applied(.slice(slice), g)
}

func concatenateAdjoint(_ g: Tensor, _ inputs: [Tensor], _ axis: Int, at input: Int) -> Tensor {
  let start = inputs[..<input].reduce(0) { $0 + $1.shape[axis] }
  return g.sliced(axis: axis, start: start, size: inputs[input].shape[axis])
}

func convolutionInputGradient(
  _ convolution: Convolution, _ g: Tensor, _ weight: Tensor, of image: Shape
) -> Tensor {
  .applied(.conv2DInputGradient(convolution, height: image[1], width: image[2]), g, weight)
}

func convolutionWeightGradient(
  _ convolution: Convolution, _ x: Tensor, _ g: Tensor, of weight: Shape
) -> Tensor {
  .applied(.conv2DWeightGradient(convolution, kernelHeight: weight[0], kernelWidth: weight[1]), x, g)
}

/// The gradients of a fused convolution at its input, its weight and its bias.
func fusedConvolutionGradients(_ fused: FusedConvolution, _ record: Tape.Record, _ g: Tensor) -> [Tensor?] {
  let (image, weight) = (record.inputs[0], record.inputs[1])
  let wanted = record.inputs.indices.map { record.wantsGradient(at: $0) }
  let hasBias = record.inputs.count > 2
  guard fused.appliesReLU || fused.poolSize != nil else {
    return [
      wanted[0] ? convolutionInputGradient(fused.convolution, g, weight, of: image.shape) : nil,
      wanted[1] ? convolutionWeightGradient(fused.convolution, image, g, of: weight.shape) : nil,
    ] + (hasBias ? [wanted[2] ? g.summed(to: record.inputs[2].shape) : nil] : [])
  }
  let mask = fused.poolSize == nil ? record.outputs[0] : record.outputs[1]
  var gradients: [Tensor?] = record.inputs.map { _ in nil }
  if wanted[0] {
    let operation = Operation.fusedConv2DInputGradient(fused, height: image.shape[1], width: image.shape[2])
    gradients[0] = .applied(operation, g, weight, mask)
  }
  if wanted[1] || hasBias && wanted[2] {
    let operation = Operation.fusedConv2DWeightGradient(
      fused, kernelHeight: weight.shape[0], kernelWidth: weight.shape[1])
    let results = Tensor.apply(operation, [image, g, mask])
    if wanted[1] { gradients[1] = results[0] }
    if hasBias, wanted[2] { gradients[2] = results[1] }
  }
  return gradients
}

func maxPoolGradient(_ pooling: Pooling, _ g: Tensor, _ positions: Tensor, of image: Shape) -> Tensor {
  .applied(.maxPool2DGradient(pooling, height: image[1], width: image[2]), g, positions)
}
