public import LockstepCore

/// Zeros around images `[batch, height, width, channels]`.
public final class ZeroPad2D: Layer {
  /// How many.
  public let padding: EdgeInsets

  /// Creates a layer.
  public init(_ padding: EdgeInsets) { self.padding = padding }

  /// Creates a layer with as many on every side.
  public convenience init(_ pixels: Int) {
    self.init(EdgeInsets(top: pixels, bottom: pixels, left: pixels, right: pixels))
  }

  /// `[height, width, channels]` becomes larger.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    try requireImages(input)
    return try outputShape(of: .pad(pad), input)
  }

  /// The images with zeros around them.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    requireImages(x)
    return x.padded(low: pad.low, high: pad.high)
  }

  private var pad: Pad {
    Pad(
      low: [0, padding.top, padding.left, 0], high: [0, padding.bottom, padding.right, 0],
      interior: [0, 0, 0, 0])
  }

  /// The layer as it would be written.
  public var description: String {
    let (top, bottom, left, right) = (padding.top, padding.bottom, padding.left, padding.right)
    let isEven = Set([top, bottom, left, right]).count == 1
    return "ZeroPad2D(\(isEven ? "\(top)" : "[\(top), \(bottom), \(left), \(right)]"))"
  }
}
