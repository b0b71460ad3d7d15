public import LockstepCore

/// A module that maps a batch of examples to a batch of results.
///
/// A layer is used in three steps: ``build(input:)`` makes its parameters from the shape of its input,
/// ``Module/initialize(seed:dtype:on:)`` on the whole model gives them values, and calling it computes.
public protocol Layer: Module, CustomStringConvertible {
  /// What the layer is, as it would be written, such as `Conv2D(32, kernel: 3x3)`.
  var description: String { get }

  /// Whether examples are indices, `int32` or `int64`, and not real numbers.
  var takesIndices: Bool { get }

  /// Makes the parameters for examples of a shape (without the batch dimension) and gives the shape of the
  /// results.
  ///
  /// Building again for the same shape changes nothing; for another one it makes new parameters.
  /// - Throws: ``ModelError`` if such examples don't fit the layer.
  @discardableResult
  func build(input: Shape) throws(ModelError) -> Shape

  /// The results for a batch `[batch, …]`. Traps if the layer has not been built or initialised, or if the batch
  /// doesn't fit.
  func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor
}

extension Layer {
  /// Real numbers.
  public var takesIndices: Bool { false }

  /// The results for a batch, as in prediction.
  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, .inference) }
}

/// Why a model can't be built: a layer and what doesn't fit it.
public struct ModelError: Error, Hashable, Sendable {
  /// The path of the layer, such as `layers.2`.
  public let layer: String
  /// What the layer is.
  public let kind: String
  /// What doesn't fit, with both shapes.
  public let problem: String

  /// Creates an error.
  public init(layer: String, kind: String, problem: String) {
    self.layer = layer
    self.kind = kind
    self.problem = problem
  }

  /// The error, seen from the module that holds the layer under a name.
  func inside(_ name: String) -> ModelError {
    ModelError(layer: layer.isEmpty ? name : "\(name).\(layer)", kind: kind, problem: problem)
  }
}

extension ModelError: CustomStringConvertible {
  /// One line: layer, kind, problem.
  public var description: String {
    layer.isEmpty ? "\(kind): \(problem)" : "layer \(layer), \(kind): \(problem)"
  }
}
