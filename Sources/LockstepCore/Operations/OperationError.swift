/// Why an operation can't be applied to operands: their number, shapes or dtypes don't fit.
///
/// ``Tensor``'s methods trap with it; what checks before it computes, such as a model read from a file,
/// catches it.
public struct OperationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The operation's name and what doesn't fit, with both shapes.
  public let description: String

  init(_ operation: Operation, _ problem: String) { description = "\(operation.name): \(problem)" }
}
