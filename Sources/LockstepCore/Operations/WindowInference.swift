// Shape inference of convolution and pooling.
extension Operation {
  func inferConvolution(_ inputs: [TensorSpec]) throws(OperationError) -> TensorSpec {
    try requireImages(inputs[0])
    try requireSameDType(inputs[0], inputs[1])
    try require(inputs[1].shape.rank == 4, "needs four dimensions, not \(inputs[1])")
    switch self {
    case .conv2D(let convolution):
      let result = try convolved(inputs[0].shape, inputs[1].shape, convolution)
      return TensorSpec(result, inputs[0].dtype)
    case .conv2DInputGradient(let convolution, let height, let width):
      let weight = inputs[1].shape
      try requireGeometry(convolution.geometry, groups: convolution.groups)
      let image = try shape([inputs[0].shape[0], height, width, weight[2] * convolution.groups])
      try requireGradient(inputs[0].shape, of: try convolved(image, weight, convolution))
      return TensorSpec(image, inputs[0].dtype)
    case .conv2DWeightGradient(let convolution, let kernelHeight, let kernelWidth):
      let image = inputs[0].shape
      try requireGeometry(convolution.geometry, groups: convolution.groups)
      let weight = try shape([
        kernelHeight, kernelWidth, image[3] / convolution.groups, inputs[1].shape[3],
      ])
      try requireGradient(inputs[1].shape, of: try convolved(image, weight, convolution))
      return TensorSpec(weight, inputs[0].dtype)
    default: trap("\(name) is not a convolution")
    }
  }

  func inferPooling(_ inputs: [TensorSpec]) throws(OperationError) -> [TensorSpec] {
    try requireImages(inputs[0])
    let x = inputs[0]
    switch self {
    case .maxPool2D(let pooling):
      let pooled = try pooledShape(x.shape, pooling)
      return [TensorSpec(pooled, x.dtype), TensorSpec(pooled, .int32)]
    case .averagePool2D(let pooling):
      return [TensorSpec(try pooledShape(x.shape, pooling), x.dtype)]
    case .maxPool2DGather(let pooling):
      let pooled = TensorSpec(try pooledShape(x.shape, pooling), .int32)
      try requireSame(pooled, inputs[1])
      return [TensorSpec(pooled.shape, x.dtype)]
    case .maxPool2DGradient(let pooling, let height, let width),
      .averagePool2DGradient(let pooling, let height, let width):
      let image = try shape([x.shape[0], height, width, x.shape[3]])
      try requireGradient(x.shape, of: try pooledShape(image, pooling))
      if inputs.count == 2 { try requireSame(TensorSpec(x.shape, .int32), inputs[1]) }
      return [TensorSpec(image, x.dtype)]
    default: trap("\(name) is not a pooling")
    }
  }

  func inferFusedConvolution(_ inputs: [TensorSpec]) throws(OperationError) -> [TensorSpec] {
    try requireImages(inputs[0])
    try requireSameDType(inputs[0], inputs[1])
    try require(inputs[1].shape.rank == 4, "needs four dimensions, not \(inputs[1])")
    let dtype = inputs[0].dtype
    switch self {
    case .fusedConv2D(let fused):
      let result = try fusedShape(inputs[0].shape, inputs[1].shape, fused)
      if inputs.count == 3 { try requireSame(TensorSpec([result[3]], dtype), inputs[2]) }
      let output = TensorSpec(result, dtype)
      return fused.poolSize == nil ? [output] : [output, TensorSpec(result, .uint8)]
    case .fusedConv2DInputGradient(let fused, let height, let width):
      let weight = inputs[1].shape
      try requireGeometry(fused.convolution.geometry, groups: fused.convolution.groups)
      let image = try shape([inputs[0].shape[0], height, width, weight[2] * fused.convolution.groups])
      try requireGradient(inputs[0].shape, of: try fusedShape(image, weight, fused))
      try requireMask(inputs[2], fused, of: inputs[0])
      return [TensorSpec(image, dtype)]
    case .fusedConv2DWeightGradient(let fused, let kernelHeight, let kernelWidth):
      let image = inputs[0].shape
      try requireGeometry(fused.convolution.geometry, groups: fused.convolution.groups)
      let weight = try shape([
        kernelHeight, kernelWidth, image[3] / fused.convolution.groups, inputs[1].shape[3],
      ])
      try requireGradient(inputs[1].shape, of: try fusedShape(image, weight, fused))
      try requireMask(inputs[2], fused, of: inputs[1])
      return [TensorSpec(weight, dtype), TensorSpec([weight[3]], dtype)]
    default: trap("\(name) is not a fused convolution")
    }
  }

  private func fusedShape(
    _ image: Shape, _ weight: Shape, _ fused: FusedConvolution
  ) throws(OperationError) -> Shape {
    let result = try convolved(image, weight, fused.convolution)
    guard let pool = fused.poolSize else { return result }
    try require(
      (1...255).contains(pool.height) && (1...255).contains(pool.width) && pool.height * pool.width <= 255,
      "a fused pool has 1 to 255 pixels: \(pool)")
    try require(
      result[1] >= pool.height && result[2] >= pool.width,
      "a \(pool) window does not fit images \(result)")
    return try shape([result[0], result[1] / pool.height, result[2] / pool.width, result[3]])
  }

  private func requireMask(
    _ mask: TensorSpec, _ fused: FusedConvolution, of gradient: TensorSpec
  ) throws(OperationError) {
    try require(fused.appliesReLU || fused.poolSize != nil, "without ReLU and pool there is nothing to mask")
    try requireSame(TensorSpec(gradient.shape, fused.poolSize == nil ? gradient.dtype : .uint8), mask)
  }

  private func convolved(
    _ image: Shape, _ weight: Shape, _ convolution: Convolution
  ) throws(OperationError) -> Shape {
    let groups = convolution.groups
    try requireGeometry(convolution.geometry, groups: groups)
    try require(
      image[3] == weight[2] * groups,
      "images \(image) have \(image[3]) channels, weight \(weight) in \(groups) group(s) takes "
        + "\(weight[2] * groups)")
    try require(
      weight[3] % groups == 0, "\(weight[3]) output channels can't be cut into \(groups) groups")
    let kernel = Size2D(height: weight[0], width: weight[1])
    let size = try outputSize(image, kernel, convolution.geometry)
    return try shape([image[0], size.height, size.width, weight[3]])
  }

  private func pooledShape(_ image: Shape, _ pooling: Pooling) throws(OperationError) -> Shape {
    let (kernel, padding) = (pooling.kernel, pooling.geometry.padding)
    try requireGeometry(pooling.geometry)
    try require(
      image[1] >= 1 && image[2] >= 1 && image[1] <= limit / image[2],
      "images \(image) must have pixels, and at most \(limit): their positions are int32")
    let size = try outputSize(image, kernel, pooling.geometry)
    // A window with all its taps in the padding would have no maximum and no mean.
    try require(pooling.geometry.dilation == 1, "a pooling window can't be dilated")
    try require(
      max(padding.top, padding.bottom) < kernel.height && max(padding.left, padding.right) < kernel.width,
      "padding \(padding) must be smaller than the window \(kernel)")
    return try shape([image[0], size.height, size.width, image[3]])
  }

  private func outputSize(
    _ image: Shape, _ kernel: Size2D, _ geometry: WindowGeometry
  ) throws(OperationError) -> Size2D {
    try require(
      (1...limit).contains(kernel.height) && (1...limit).contains(kernel.width),
      "the kernel must be at least 1x1: \(kernel)")
    guard let size = geometry.outputSize(of: Size2D(height: image[1], width: image[2]), kernel: kernel)
    else {
      throw OperationError(
        self,
        "a \(kernel) window with dilation \(geometry.dilation) does not fit images \(image) with padding "
          + "\(geometry.padding)")
    }
    return size
  }

  private func requireImages(_ spec: TensorSpec) throws(OperationError) {
    try requireFloatingPoint(spec)
    try require(spec.shape.rank == 4, "needs images [batch, height, width, channels], not \(spec)")
  }

  private func requireGradient(_ shape: Shape, of output: Shape) throws(OperationError) {
    try require(shape == output, "the gradient is \(shape), the output \(output)")
  }

  private func requireGeometry(
    _ geometry: WindowGeometry, groups: Int = 1
  ) throws(OperationError) {
    let (stride, dilation, padding) = (geometry.stride, geometry.dilation, geometry.padding)
    try require(min(stride.height, stride.width) >= 1, "stride must be at least 1: \(stride)")
    try require(min(dilation.height, dilation.width) >= 1, "dilation must be at least 1: \(dilation)")
    try require(
      min(padding.top, padding.bottom, padding.left, padding.right) >= 0,
      "padding can't be negative: \(padding)")
    try require(groups >= 1, "groups must be at least 1: \(groups)")
    let largest = [
      stride.height, stride.width, dilation.height, dilation.width, padding.top, padding.bottom, padding.left,
      padding.right, groups,
    ].max()!
    try require(largest <= limit, "\(largest) is too large for a stride, dilation, padding or groups")
  }
}

/// The largest number in a window's attributes, and of a pixel's position: kernels hold them in 32 bits.
private let limit = Int(Int32.max)
