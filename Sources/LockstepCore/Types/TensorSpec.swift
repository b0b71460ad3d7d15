/// A tensor without its values: what shape inference and a backend need to know of an operand.
public struct TensorSpec: Hashable, Sendable {
  /// The sizes of the dimensions.
  public var shape: Shape
  /// The type of the elements.
  public var dtype: DType

  /// Creates a specification.
  public init(_ shape: Shape, _ dtype: DType) {
    self.shape = shape
    self.dtype = dtype
  }

  /// The bytes the elements occupy.
  public var byteCount: Int { shape.count * dtype.byteCount }
}

extension TensorSpec: CustomStringConvertible {
  /// The dtype and the shape, such as `float32 [64, 10]`.
  public var description: String { "\(dtype) \(shape)" }
}
