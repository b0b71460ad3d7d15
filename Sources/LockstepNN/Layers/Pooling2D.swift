public import LockstepCore

/// The largest element of every window of images `[batch, height, width, channels]`.
public final class MaxPool2D: Layer {
  /// The size of the window.
  public let kernel: Size2D
  /// Pixels between neighbouring windows.
  public let stride: Size2D
  /// What surrounds the image; it never wins.
  public let padding: Padding

  /// Creates a layer; without a stride, windows lie side by side.
  public init(_ kernel: Size2D, stride: Size2D? = nil, padding: Padding = .valid) {
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
  }

  /// `[height, width, channels]` becomes `[outHeight, outWidth, channels]`.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    try buildPooling(input) { .maxPool2D(pooling($0)) }
  }

  /// `[batch, height, width, channels]` becomes `[batch, outHeight, outWidth, channels]`.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    requireImages(x)
    return x.maxPool2D(pooling(Size2D(height: x.shape[1], width: x.shape[2])))
  }

  private func pooling(_ image: Size2D) -> Pooling {
    let insets = padding.insets(for: image, kernel: kernel, stride: stride, dilation: 1)
    return Pooling(kernel: kernel, WindowGeometry(stride: stride, padding: insets))
  }

  /// The window, if those of such images lie side by side without padding and have taps that a byte can count.
  func fusibleWindow(for image: Size2D) -> Size2D? {
    let isPlain = stride == kernel && pooling(image).geometry.padding == .zero
    let fits = (1...image.height).contains(kernel.height) && (1...image.width).contains(kernel.width)
    return isPlain && fits && kernel.height * kernel.width <= 255 ? kernel : nil
  }

  /// The layer as it would be written.
  public var description: String { poolingDescription("MaxPool2D", kernel, stride, padding) }
}

/// The mean of every window of images `[batch, height, width, channels]`.
public final class AveragePool2D: Layer {
  /// The size of the window.
  public let kernel: Size2D
  /// Pixels between neighbouring windows.
  public let stride: Size2D
  /// What surrounds the image.
  public let padding: Padding
  /// Whether padding counts as zeros (PyTorch's default) or not at all (Keras's).
  public let countsPadding: Bool

  /// Creates a layer; without a stride, windows lie side by side.
  public init(
    _ kernel: Size2D, stride: Size2D? = nil, padding: Padding = .valid, countsPadding: Bool = false
  ) {
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.countsPadding = countsPadding
  }

  /// `[height, width, channels]` becomes `[outHeight, outWidth, channels]`.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    try buildPooling(input) { .averagePool2D(pooling($0)) }
  }

  /// `[batch, height, width, channels]` becomes `[batch, outHeight, outWidth, channels]`.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    requireImages(x)
    return x.averagePool2D(pooling(Size2D(height: x.shape[1], width: x.shape[2])))
  }

  private func pooling(_ image: Size2D) -> Pooling {
    let insets = padding.insets(for: image, kernel: kernel, stride: stride, dilation: 1)
    return Pooling(
      kernel: kernel, WindowGeometry(stride: stride, padding: insets), countsPadding: countsPadding)
  }

  /// The layer as it would be written.
  public var description: String {
    poolingDescription("AveragePool2D", kernel, stride, padding, countsPadding: countsPadding)
  }
}

/// The mean of every channel: `[batch, height, width, channels]` becomes `[batch, channels]`.
public final class GlobalAveragePool2D: Layer {
  /// Creates a layer.
  public init() {}

  /// `[height, width, channels]` becomes `[channels]`.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    try requireImages(input)
    return [input[2]]
  }

  /// `[batch, height, width, channels]` becomes `[batch, channels]`.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    requireImages(x)
    return x.mean(1, 2)
  }

  /// The layer as it would be written.
  public var description: String { "GlobalAveragePool2D" }
}

extension Layer {
  fileprivate func buildPooling(
    _ input: Shape, _ operation: (Size2D) -> Operation
  ) throws(ModelError) -> Shape {
    try requireImages(input)
    return try outputShape(of: operation(Size2D(height: input[0], width: input[1])), input)
  }
}

private func poolingDescription(
  _ name: String, _ kernel: Size2D, _ stride: Size2D, _ padding: Padding, countsPadding: Bool = false
) -> String {
  var text = "\(name)(\(kernel)"
  if stride != kernel { text += ", stride: \(stride)" }
  if padding != .valid { text += ", padding: \(padding)" }
  if countsPadding { text += ", countsPadding: true" }
  return text + ")"
}
