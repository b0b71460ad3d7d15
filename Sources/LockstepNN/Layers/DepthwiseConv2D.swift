public import LockstepCore

/// Convolution of every channel of images by itself, with bias and activation: the first half of a depthwise
/// separable convolution, whose second is `Conv2D(filters, kernel: 1)`.
///
/// Channel c becomes the channels c · multiplier and those after it. Weights are laid out as those of ``Conv2D``
/// with as many groups as channels. Source: Howard et al., "MobileNets", 2017.
public final class DepthwiseConv2D: Layer, ConvolutionLayer {
  /// The size of the window.
  public let kernel: Size2D
  /// How many channels each becomes.
  public let multiplier: Int
  /// Pixels between neighbouring windows.
  public let stride: Size2D
  /// What surrounds the image.
  public let padding: Padding
  /// Pixels between neighbouring taps of the window.
  public let dilation: Size2D
  /// Whether a number per output channel is added.
  public let usesBias: Bool
  /// What is applied to the sum.
  public let activation: Activation
  /// How the weight starts.
  public let weightInitializer: Initializer

  /// `[kernelHeight, kernelWidth, 1, channels · multiplier]`, once built.
  public private(set) var weight: Parameter?
  /// `[channels · multiplier]`, once built, if there is one.
  public private(set) var bias: Parameter?

  /// Creates a layer.
  public init(
    kernel: Size2D, multiplier: Int = 1, stride: Size2D = 1, padding: Padding = .valid, dilation: Size2D = 1,
    bias: Bool = true, activation: Activation = .identity, weightInitializer: Initializer = .heUniform
  ) {
    self.kernel = kernel
    self.multiplier = multiplier
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.usesBias = bias
    self.activation = activation
    self.weightInitializer = weightInitializer
  }

  /// `[height, width, channels]` becomes `[outHeight, outWidth, channels · multiplier]`.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    guard multiplier >= 1 else {
      throw misfit("the multiplier must be at least 1, not \(multiplier)")
    }
    try requireImages(input)
    guard input[2] >= 1 else { throw misfit("images \(input) have no channels") }
    let channels = try shape(of: "bias", [input[2], multiplier]).count
    let (weightShape, output) = try convolutionShapes(input, filters: channels, groups: input[2])
    weight = parameter(weight, weightShape, weightInitializer)
    bias = usesBias ? parameter(bias, [channels], .zeros) : nil
    return output
  }

  func groups(channels: Int) -> Int { channels }

  /// The layer as it would be written.
  public var description: String {
    var text = "DepthwiseConv2D(kernel: \(kernel)"
    if multiplier != 1 { text += ", multiplier: \(multiplier)" }
    if stride != 1 { text += ", stride: \(stride)" }
    if padding != .valid { text += ", padding: \(padding)" }
    if dilation != 1 { text += ", dilation: \(dilation)" }
    if !usesBias { text += ", bias: false" }
    if activation != .identity { text += ", \(activation)" }
    return text + ")"
  }
}
