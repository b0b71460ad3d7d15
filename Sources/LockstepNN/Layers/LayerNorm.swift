public import LockstepCore

/// Every example's last dimensions moved to mean 0 and variance 1, then scaled and offset by what is learnt: each row
/// by itself, whatever else is in the batch, in training and prediction alike.
///
/// Source: Ba, Kiros and Hinton, "Layer Normalization", 2016; conventions and defaults are PyTorch's.
public final class LayerNorm: Layer {
  /// How many of the last dimensions mean and variance are taken over.
  public let dimensions: Int
  /// What is added to a variance before its root divides.
  public let epsilon: Double
  /// Whether scale and offset are learnt (PyTorch's `elementwise_affine`), or 1 and 0.
  public let isAffine: Bool

  /// The shape of the last dimensions, once built, if there is one; ones at first.
  public private(set) var scale: Parameter?
  /// The shape of the last dimensions, once built, if there is one; zeros at first.
  public private(set) var offset: Parameter?

  /// Creates a layer.
  public init(dimensions: Int = 1, epsilon: Double = 1e-5, affine: Bool = true) {
    self.dimensions = dimensions
    self.epsilon = epsilon
    self.isAffine = affine
  }

  /// The shape stays.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    try requireEpsilon(epsilon)
    guard dimensions >= 1, dimensions <= input.rank else {
      throw misfit("examples \(input) have no \(dimensions) dimensions to take a mean over")
    }
    let shape = Shape(Array(input.dimensions.suffix(dimensions)))
    guard shape.count >= 1 else { throw misfit("there is no mean of examples \(input): they are empty") }
    scale = isAffine ? parameter(scale, shape, .ones) : nil
    offset = isAffine ? parameter(offset, shape, .zeros) : nil
    return input
  }

  /// The shape stays.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    guard x.rank > dimensions else {
      trap("\(description) needs a batch of examples with \(dimensions) dimensions, not \(x.shape)")
    }
    let sizes = x.shape.dimensions
    let rows = x.reshaped([
      sizes.dropLast(dimensions).reduce(1, *), sizes.suffix(dimensions).reduce(1, *),
    ])
    let (scale, offset) = (scale.map { value(of: $0) }, offset.map { value(of: $0) })
    return normalized(rows, groups: 1, epsilon, scale?.flattened(), offset?.flattened()).reshaped(sizes)
  }

  /// The layer as it would be written.
  public var description: String {
    var arguments: [String] = []
    if dimensions != 1 { arguments.append("dimensions: \(dimensions)") }
    return normDescription("LayerNorm", arguments, epsilon, isAffine)
  }
}
