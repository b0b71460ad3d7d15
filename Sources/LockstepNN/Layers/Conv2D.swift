public import LockstepCore

/// Convolution over images `[batch, height, width, channels]` with bias and activation.
public final class Conv2D: Layer {
  /// Output channels.
  public let filters: Int
  /// The size of the window.
  public let kernel: Size2D
  /// Pixels between neighbouring windows.
  public let stride: Size2D
  /// What surrounds the image.
  public let padding: Padding
  /// Pixels between neighbouring taps of the window.
  public let dilation: Size2D
  /// Channels are cut into this many groups, each convolved by itself.
  public let groups: Int
  /// Whether a number per output channel is added.
  public let usesBias: Bool
  /// What is applied to the sum.
  public let activation: Activation
  /// How the weight starts.
  public let weightInitializer: Initializer

  /// `[kernelHeight, kernelWidth, inChannels / groups, filters]`, once built.
  public private(set) var weight: Parameter?
  /// `[filters]`, once built, if there is one.
  public private(set) var bias: Parameter?

  /// Creates a layer.
  public init(
    _ filters: Int, kernel: Size2D, stride: Size2D = 1, padding: Padding = .valid, dilation: Size2D = 1,
    groups: Int = 1, bias: Bool = true, activation: Activation = .identity,
    weightInitializer: Initializer = .heUniform
  ) {
    self.filters = filters
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.usesBias = bias
    self.activation = activation
    self.weightInitializer = weightInitializer
  }

  /// `[height, width, inChannels]` becomes `[outHeight, outWidth, filters]`.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    guard filters >= 1 else {
      throw misfit("needs at least one filter, not \(filters)")
    }
    guard input.rank == 3 else {
      throw misfit("needs images [height, width, channels], not \(input)")
    }
    guard kernel.height >= 1, kernel.width >= 1 else {
      throw misfit("the kernel must be at least 1x1, not \(kernel)")
    }
    guard groups >= 1, input[2] % groups == 0 else {
      throw misfit("\(input[2]) channels can't be cut into \(groups) groups")
    }
    let weightShape = try shape(of: "weight", [kernel.height, kernel.width, input[2] / groups, filters])
    let output = try outputShape(of: .conv2D(convolution(input[0], input[1])), input, weightShape)
    weight = parameter(weight, weightShape, weightInitializer)
    bias = usesBias ? parameter(bias, [filters], .zeros) : nil
    return output
  }

  /// `[batch, height, width, inChannels]` becomes `[batch, outHeight, outWidth, filters]`.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    let (weight, bias) = operands(for: x)
    let y = x.conv2D(weight, attributes(x, weight, context.options))
    return activation(bias.map { y + $0 } ?? y)
  }

  /// Weight and bias. Traps if the layer has not been built or initialised, or if these are no images.
  func operands(for x: Tensor) -> (weight: Tensor, bias: Tensor?) {
    requireImages(x)
    return (value(of: weight), usesBias ? value(of: bias) : nil)
  }

  /// What is computed of images, and how.
  func attributes(_ x: Tensor, _ weight: Tensor, _ options: ExecutionOptions) -> Convolution {
    var result = convolution(x.shape[1], x.shape[2])
    result.algorithm = options.convolution.algorithm(weight: weight.shape, result, dtype: x.dtype)
    return result
  }

  /// The size of the results for images `[batch, height, width, channels]`; nil if these are none, or too small.
  func outputSize(for input: Shape) -> Size2D? {
    guard input.rank == 4 else { return nil }
    let image = Size2D(height: input[1], width: input[2])
    return convolution(image.height, image.width).geometry.outputSize(of: image, kernel: kernel)
  }

  private func convolution(_ height: Int, _ width: Int) -> Convolution {
    let insets = padding.insets(
      for: Size2D(height: height, width: width), kernel: kernel, stride: stride, dilation: dilation)
    return Convolution(WindowGeometry(stride: stride, padding: insets, dilation: dilation), groups: groups)
  }

  /// The layer as it would be written.
  public var description: String {
    var text = "Conv2D(\(filters), kernel: \(kernel)"
    if stride != 1 { text += ", stride: \(stride)" }
    if padding != .valid { text += ", padding: \(padding)" }
    if dilation != 1 { text += ", dilation: \(dilation)" }
    if groups != 1 { text += ", groups: \(groups)" }
    if !usesBias { text += ", bias: false" }
    if activation != .identity { text += ", \(activation)" }
    return text + ")"
  }
}
