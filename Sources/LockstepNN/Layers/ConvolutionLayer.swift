import LockstepCore

/// What ``Conv2D`` and ``DepthwiseConv2D`` share: a window that moves over images, a weight, a bias, an activation.
protocol ConvolutionLayer: Layer {
  var kernel: Size2D { get }
  var stride: Size2D { get }
  var padding: Padding { get }
  var dilation: Size2D { get }
  var usesBias: Bool { get }
  var activation: Activation { get }
  var weight: Parameter? { get }
  var bias: Parameter? { get }

  /// Into how many groups so many channels are cut.
  func groups(channels: Int) -> Int
}

extension ConvolutionLayer {
  /// `[batch, height, width, inChannels]` becomes `[batch, outHeight, outWidth, outChannels]`.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    let (weight, bias) = operands(for: x)
    let y = x.conv2D(weight, attributes(x, weight, context.options))
    return activation(bias.map { y + $0 } ?? y)
  }

  /// The shapes of the weight and of the results for images `[height, width, inChannels]`.
  func convolutionShapes(
    _ input: Shape, filters: Int, groups: Int
  ) throws(ModelError) -> (weight: Shape, output: Shape) {
    guard kernel.height >= 1, kernel.width >= 1 else {
      throw misfit("the kernel must be at least 1x1, not \(kernel)")
    }
    guard groups >= 1, input[2] % groups == 0 else {
      throw misfit("\(input[2]) channels can't be cut into \(groups) groups")
    }
    let weight = try shape(of: "weight", [kernel.height, kernel.width, input[2] / groups, filters])
    let output = try outputShape(of: .conv2D(convolution(input)), input, weight)
    try requireFit(of: activation, output)
    return (weight, output)
  }

  /// Weight and bias. Traps if the layer has not been built or initialised, or if these are no images.
  func operands(for x: Tensor) -> (weight: Tensor, bias: Tensor?) {
    requireImages(x)
    return (value(of: weight), usesBias ? value(of: bias) : nil)
  }

  /// What is computed of images, and how.
  func attributes(_ x: Tensor, _ weight: Tensor, _ options: ExecutionOptions) -> Convolution {
    var result = convolution(Shape(Array(x.shape.dimensions.dropFirst())))
    result.algorithm = options.convolution.algorithm(weight: weight.shape, result, dtype: x.dtype)
    return result
  }

  /// The size of the results for images `[batch, height, width, channels]`; nil if these are none, or too small.
  func outputSize(for input: Shape) -> Size2D? {
    guard input.rank == 4 else { return nil }
    let image = Size2D(height: input[1], width: input[2])
    return convolution(Shape(Array(input.dimensions.dropFirst()))).geometry.outputSize(
      of: image, kernel: kernel)
  }

  /// The attributes for images `[height, width, channels]`.
  private func convolution(_ image: Shape) -> Convolution {
    let insets = padding.insets(
      for: Size2D(height: image[0], width: image[1]), kernel: kernel, stride: stride, dilation: dilation)
    return Convolution(
      WindowGeometry(stride: stride, padding: insets, dilation: dilation),
      groups: groups(channels: image[2]))
  }
}
