import LockstepCore

/// Fused convolutions as the chain that they stand for, in double precision up to the end.
extension ReferenceKernels {
  static func fusedConv2D(
    _ x: ReferenceTensor, weight: ReferenceTensor, bias: ReferenceTensor?, _ fused: FusedConvolution,
    _ outputs: [TensorSpec]
  ) -> [ReferenceTensor] {
    let full = fullShape(x.shape, weight.shape, fused)
    let sums = conv2D(x, weight: weight, fused.convolution, TensorSpec(full, .float64))
    let terms = bias?.reals
    let values = sums.reals.enumerated().map { element, sum in
      let value = sum + (terms.map { $0[element % full[3]] } ?? 0)
      return fused.appliesReLU && value <= 0 ? 0 : value
    }
    guard let window = fused.poolSize else { return [ReferenceTensor(outputs[0], reals: values)] }
    let pooling = Pooling(kernel: window, WindowGeometry(stride: window))
    let image = ReferenceTensor(TensorSpec(full, .float64), reals: values)
    let places = TensorSpec(outputs[0].shape, .int64)
    let pooled = maxPool2D(image, pooling, TensorSpec(outputs[0].shape, .float64), positions: places)
    let largest = pooled[0].reals
    let taps = zip(pooled[1].integers, largest).map { place, value in
      let (row, column) = (Int(place) / full[2], Int(place) % full[2])
      let tap = row % window.height * window.width + column % window.width
      return fused.appliesReLU && !(value > 0) ? Int64(FusedConvolution.noTap) : Int64(tap)
    }
    return [ReferenceTensor(outputs[0], reals: largest), ReferenceTensor(outputs[1], integers: taps)]
  }

  static func fusedConv2DInputGradient(
    _ upstream: ReferenceTensor, weight: ReferenceTensor, mask: ReferenceTensor, _ fused: FusedConvolution,
    _ output: TensorSpec
  ) -> ReferenceTensor {
    let full = fullShape(output.shape, weight.shape, fused)
    let gradient = unmasked(upstream, mask, fused, full)
    return conv2DInputGradient(gradient, weight: weight, fused.convolution, output)
  }

  static func fusedConv2DWeightGradient(
    _ x: ReferenceTensor, upstream: ReferenceTensor, mask: ReferenceTensor, _ fused: FusedConvolution,
    _ outputs: [TensorSpec]
  ) -> [ReferenceTensor] {
    let full = fullShape(x.shape, outputs[0].shape, fused)
    let gradient = unmasked(upstream, mask, fused, full)
    let bias = reduce(gradient, .sum, axes: [0, 1, 2], outputs[1])
    return [conv2DWeightGradient(x, upstream: gradient, fused.convolution, outputs[0]), bias]
  }

  /// The shape in front of the pool.
  private static func fullShape(_ image: Shape, _ weight: Shape, _ fused: FusedConvolution) -> Shape {
    let inputs = [TensorSpec(image, .float64), TensorSpec(weight, .float64)]
    guard let specs = try? Operation.conv2D(fused.convolution).inferOutputs(inputs) else {
      preconditionFailure("\(image) and \(weight) don't fit \(fused)")
    }
    return specs[0].shape
  }

  /// The gradient in front of ReLU and pool.
  private static func unmasked(
    _ upstream: ReferenceTensor, _ mask: ReferenceTensor, _ fused: FusedConvolution, _ full: Shape
  ) -> ReferenceTensor {
    let spec = TensorSpec(full, .float64)
    guard let window = fused.poolSize else {
      let values = zip(upstream.reals, mask.reals).map { $1 > 0 ? $0 : 0 }
      return ReferenceTensor(spec, reals: values)
    }
    var values = [Double](repeating: 0, count: full.count)
    let shape = upstream.shape
    for (element, (gradient, tap)) in zip(upstream.reals, mask.integers).enumerated()
    where tap < window.height * window.width {
      let pixel = element / shape[3]
      let row = pixel / shape[2] % shape[1] * window.height + Int(tap) / window.width
      let column = pixel % shape[2] * window.width + Int(tap) % window.width
      let image = pixel / shape[2] / shape[1]
      values[((image * full[1] + row) * full[2] + column) * full[3] + element % shape[3]] = gradient
    }
    return ReferenceTensor(spec, reals: values)
  }
}
