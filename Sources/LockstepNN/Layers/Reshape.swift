public import LockstepCore

/// Every example with its elements, in their order, in another shape.
public final class Reshape: Layer {
  /// The shape of a result; one size may be −1, which is worked out.
  public let dimensions: [Int]

  /// Creates a layer.
  public init(_ dimensions: [Int]) { self.dimensions = dimensions }

  /// The shape asked for.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    guard dimensions.count < Shape.maximumRank, dimensions.filter({ $0 == -1 }).count <= 1,
      dimensions.allSatisfy({ $0 >= 1 || $0 == -1 })
    else {
      throw misfit("needs sizes of at least 1, at most \(Shape.maximumRank - 1), one of which may be -1")
    }
    let known = try shape(of: "result", dimensions.filter { $0 != -1 }).count
    guard input.count % known == 0, dimensions.contains(-1) || input.count == known else {
      throw misfit("examples \(input) have \(input.count) elements and do not fill \(dimensions)")
    }
    return Shape(dimensions.map { $0 == -1 ? input.count / known : $0 })
  }

  /// The examples in the shape asked for.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    let count = x.shape.dimensions.dropFirst().reduce(1, *)
    let known = dimensions.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
    return x.reshaped([x.shape[0]] + dimensions.map { $0 == -1 ? count / known : $0 })
  }

  /// The layer as it would be written.
  public var description: String { "Reshape(\(dimensions))" }
}
