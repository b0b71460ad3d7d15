public import LockstepCore

/// Every example as a vector: `[batch, …]` becomes `[batch, count]`.
public final class Flatten: Layer {
  /// Creates a layer.
  public init() {}

  /// A vector of as many elements.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape { [input.count] }

  /// `[batch, …]` becomes `[batch, count]`.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor { x.flattened(from: 1) }

  /// The layer as it would be written.
  public var description: String { "Flatten" }
}
