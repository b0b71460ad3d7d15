public import LockstepCore

/// Transposed convolution over images `[batch, height, width, channels]` with bias and activation: every pixel is
/// multiplied by the kernel, and where the results overlap they are added. The gradient of a convolution at its
/// input, as a layer; it makes images larger.
///
/// Sizes are PyTorch's: `(size − 1) · stride − padding before and behind + dilation · (kernel − 1) + 1 +
/// outputPadding`, padding being what is cut off the result. `same` cuts as much as leaves size · stride, as in
/// Keras. Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016.
public final class Conv2DTranspose: Layer {
  /// Output channels.
  public let filters: Int
  /// The size of the kernel.
  public let kernel: Size2D
  /// Pixels between the kernels of neighbouring pixels.
  public let stride: Size2D
  /// What is cut off the result.
  public let padding: Padding
  /// Rows and columns that the result gets more, at the bottom and right: a convolution of stride 2 makes images
  /// of 7 and of 8 pixels the same size, and this says which to go back to.
  public let outputPadding: Size2D
  /// Pixels between neighbouring taps of the kernel.
  public let dilation: Size2D
  /// Channels are cut into this many groups, each convolved by itself.
  public let groups: Int
  /// Whether a number per output channel is added.
  public let usesBias: Bool
  /// What is applied to the sum.
  public let activation: Activation
  /// How the weight starts.
  public let weightInitializer: Initializer

  /// `[kernelHeight, kernelWidth, filters / groups, inChannels]`, once built: that of the convolution it transposes.
  public private(set) var weight: Parameter?
  /// `[filters]`, once built, if there is one.
  public private(set) var bias: Parameter?

  /// Creates a layer.
  public init(
    _ filters: Int, kernel: Size2D, stride: Size2D = 1, padding: Padding = .valid,
    outputPadding: Size2D = 0, dilation: Size2D = 1, groups: Int = 1, bias: Bool = true,
    activation: Activation = .identity, weightInitializer: Initializer = .heUniform
  ) {
    self.filters = filters
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.groups = groups
    self.usesBias = bias
    self.activation = activation
    self.weightInitializer = weightInitializer
  }

  /// `[height, width, inChannels]` becomes `[outHeight, outWidth, filters]`.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    try requireImages(input)
    try checkSizes(channels: input[2])
    let weightShape = try shape(of: "weight", [kernel.height, kernel.width, filters / groups, input[2]])
    let image = Size2D(height: input[0], width: input[1])
    let size = outputSize(of: image)
    guard size.height >= 1, size.width >= 1 else {
      throw misfit("padding \(padding) leaves nothing of the results for images \(input)")
    }
    let output = try shape(of: "result", [size.height, size.width, filters])
    let operation = Operation.conv2DInputGradient(
      convolution(to: size), height: size.height, width: size.width)
    _ = try outputShape(of: operation, input, weightShape)
    try requireFit(of: activation, output)
    weight = parameter(weight, weightShape, weightInitializer)
    bias = usesBias ? parameter(bias, [filters], .zeros) : nil
    return output
  }

  /// `[batch, height, width, inChannels]` becomes `[batch, outHeight, outWidth, filters]`.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    requireImages(x)
    let size = outputSize(of: Size2D(height: x.shape[1], width: x.shape[2]))
    let y = x.conv2DTransposed(value(of: weight), convolution(to: size), size: size)
    return activation(usesBias ? y + value(of: bias) : y)
  }

  /// The convolution that is transposed: from images of the results' size to those of the input's.
  private func convolution(to size: Size2D) -> Convolution {
    let insets = padding.insets(for: size, kernel: kernel, stride: stride, dilation: dilation)
    return Convolution(WindowGeometry(stride: stride, padding: insets, dilation: dilation), groups: groups)
  }

  private func outputSize(of image: Size2D) -> Size2D {
    if padding == .same {
      return Size2D(height: image.height * stride.height, width: image.width * stride.width)
    }
    let insets = padding.insets(for: image, kernel: kernel, stride: stride, dilation: dilation)
    let height = (image.height - 1) * stride.height + (kernel.height - 1) * dilation.height + 1
    let width = (image.width - 1) * stride.width + (kernel.width - 1) * dilation.width + 1
    return Size2D(
      height: height - insets.top - insets.bottom + outputPadding.height,
      width: width - insets.left - insets.right + outputPadding.width)
  }

  private func checkSizes(channels: Int) throws(ModelError) {
    guard filters >= 1 else { throw misfit("needs at least one filter, not \(filters)") }
    guard kernel.height >= 1, kernel.width >= 1 else {
      throw misfit("the kernel must be at least 1x1, not \(kernel)")
    }
    guard groups >= 1, channels % groups == 0, filters % groups == 0 else {
      throw misfit("\(channels) channels and \(filters) filters can't be cut into \(groups) groups")
    }
    guard stride.height >= 1, stride.width >= 1 else { throw misfit("stride must be at least 1: \(stride)") }
    guard outputPadding.height >= 0, outputPadding.width >= 0, outputPadding.height < stride.height,
      outputPadding.width < stride.width
    else {
      throw misfit(
        "outputPadding must be at least 0 and less than the stride \(stride), not \(outputPadding)")
    }
    guard padding != .same || outputPadding == 0 else {
      throw misfit("with padding same a result has the size times the stride: leave outputPadding away")
    }
  }

  /// The layer as it would be written.
  public var description: String {
    var text = "Conv2DTranspose(\(filters), kernel: \(kernel)"
    if stride != 1 { text += ", stride: \(stride)" }
    if padding != .valid { text += ", padding: \(padding)" }
    if outputPadding != 0 { text += ", outputPadding: \(outputPadding)" }
    if dilation != 1 { text += ", dilation: \(dilation)" }
    if groups != 1 { text += ", groups: \(groups)" }
    if !usesBias { text += ", bias: false" }
    if activation != .identity { text += ", \(activation)" }
    return text + ")"
  }
}
