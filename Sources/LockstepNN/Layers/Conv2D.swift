public import LockstepCore

/// Convolution over images `[batch, height, width, channels]` with bias and activation.
public final class Conv2D: Layer, ConvolutionLayer {
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
    try requireImages(input)
    let (weightShape, output) = try convolutionShapes(input, filters: filters, groups: groups)
    weight = parameter(weight, weightShape, weightInitializer)
    bias = usesBias ? parameter(bias, [filters], .zeros) : nil
    return output
  }

  func groups(channels: Int) -> Int { groups }

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
