public import LockstepCore

/// Every pixel of images `[batch, height, width, channels]` repeated: the nearest one, as Keras's layer of this name
/// and PyTorch's `Upsample` do by default.
public final class UpSampling2D: Layer {
  /// How often, down and across.
  public let size: Size2D

  /// Creates a layer.
  public init(_ size: Size2D = 2) { self.size = size }

  /// `[height, width, channels]` becomes `[height · size.height, width · size.width, channels]`.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    try requireImages(input)
    guard size.height >= 1, size.width >= 1 else {
      throw misfit("the size must be at least 1x1, not \(size)")
    }
    let rows = try shape(of: "result", [input[0], size.height]).count
    let columns = try shape(of: "result", [input[1], size.width]).count
    return try shape(of: "result", [rows, columns, input[2]])
  }

  /// The images, larger.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    requireImages(x)
    let (batch, height, width, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    return x.reshaped([batch, height, 1, width, 1, channels])
      .broadcast(to: [batch, height, size.height, width, size.width, channels])
      .reshaped([batch, height * size.height, width * size.width, channels])
  }

  /// The layer as it would be written.
  public var description: String { "UpSampling2D(\(size))" }
}
