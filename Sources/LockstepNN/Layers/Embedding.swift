public import LockstepCore

/// A vector that is learnt for each of so many things, picked by its index: `[batch, ..]` of `int32` or `int64`
/// becomes `[batch, .., units]`.
///
/// The first layer of a model whose examples are words, categories or the like; images have no indices. An index
/// outside of the table is a ``/LockstepCore/BackendError/indexOutOfRange(operation:origin:)`` when a result is read.
public final class Embedding: Layer {
  /// How many things there are (PyTorch's `num_embeddings`).
  public let count: Int
  /// How many numbers stand for each (PyTorch's `embedding_dim`).
  public let units: Int
  /// How the vectors start; normal, as in PyTorch.
  public let initializer: Initializer

  /// `[count, units]`, once built.
  public private(set) var weight: Parameter?

  /// Creates a layer.
  public init(_ count: Int, units: Int, initializer: Initializer = .normal(standardDeviation: 1)) {
    self.count = count
    self.units = units
    self.initializer = initializer
  }

  /// Whole numbers.
  public var takesIndices: Bool { true }

  /// `[..]` becomes `[.., units]`.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    guard count >= 1, units >= 1 else {
      throw misfit("needs at least one thing and one unit, not \(count) and \(units)")
    }
    guard input.rank < Shape.maximumRank - 1 else {
      throw misfit("needs indices of at most \(Shape.maximumRank - 2) dimensions, not \(input)")
    }
    let output = try shape(of: "result", input.dimensions + [units])
    weight = parameter(weight, try shape(of: "weight", [count, units]), initializer)
    return output
  }

  /// `[batch, ..]` becomes `[batch, .., units]`. Traps unless these are indices.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    guard x.dtype == .int32 || x.dtype == .int64 else {
      trap("\(description) needs indices of int32 or int64, not \(x.spec)")
    }
    return value(of: weight).gathered(x.flattened()).reshaped(x.shape.dimensions + [units])
  }

  /// The layer as it would be written.
  public var description: String { "Embedding(\(count), units: \(units))" }
}
