public import LockstepCore

/// What several branches, lists of layers, make of one input, joined along an axis: of images the channels one
/// after the other.
///
/// ```swift
/// Concatenate([[Conv2D(8, kernel: 1)], [MaxPool2D(3, stride: 1, padding: .same)]])
/// ```
/// An empty list stands for the input itself.
public final class Concatenate: Layer {
  /// The branches, each a list of layers.
  public let branches: [[any Layer]]
  /// The axis of the batch: 1 is the first of an example, −1 the last.
  public let axis: Int

  /// Creates a layer of at least two branches.
  public init(_ branches: [[any Layer]], axis: Int = -1) {
    self.branches = branches
    self.axis = axis
  }

  /// What the branches take.
  public var takesIndices: Bool { takeIndices(branches) }

  /// The shapes that the branches give must be the same but for the axis, whose sizes are added.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    let outputs = try outputs(of: branches, input: input)
    let rank = outputs[0].rank + 1
    let position = (axis < 0 ? axis + rank : axis) - 1  // in an example, which has no batch
    guard (0..<(rank - 1)).contains(position) else {
      throw misfit("axis \(axis) is none of an example \(outputs[0]): those are 1 to \(rank - 1)")
    }
    var sizes = outputs[0].dimensions
    for (index, output) in outputs.enumerated().dropFirst() {
      var expected = outputs[0].dimensions
      if output.rank == expected.count { expected[position] = output[position] }
      guard output.dimensions == expected else {
        throw misfit(
          "branch 0 gives \(outputs[0]), branch \(index) gives \(output); they must be the same but for axis "
            + "\(position + 1)")
      }
      sizes[position] += output[position]
    }
    return try shape(of: "result", sizes)
  }

  /// The branches' results, joined.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    .concatenate(call(branches, x, context), axis: axis)
  }

  /// The layer as it would be written.
  public var description: String {
    "Concatenate(\(branches.count) branches\(axis == -1 ? "" : ", axis: \(axis)"))"
  }
}
