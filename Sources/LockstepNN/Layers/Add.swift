public import LockstepCore

/// The sum of what several branches, lists of layers, make of one input; ``Residual`` is the case of two, one of
/// which is short.
///
/// ```swift
/// Add([[Conv2D(8, kernel: 1)], [Conv2D(8, kernel: 3, padding: .same)]], activation: .relu)
/// ```
/// An empty list stands for the input itself.
public final class Add: Layer {
  /// The branches, each a list of layers.
  public let branches: [[any Layer]]
  /// What is applied to the sum; of two branches a ReLU in the same pass over memory.
  public let activation: Activation

  /// Creates a layer of at least two branches.
  public init(_ branches: [[any Layer]], activation: Activation = .identity) {
    self.branches = branches
    self.activation = activation
  }

  /// What the branches take.
  public var takesIndices: Bool { takeIndices(branches) }

  /// The shape that all branches give.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    let outputs = try outputs(of: branches, input: input)
    for (index, output) in outputs.enumerated() where output != outputs[0] {
      throw misfit("branch 0 gives \(outputs[0]), branch \(index) gives \(output); they must be the same")
    }
    try requireFit(of: activation, outputs[0])
    return outputs[0]
  }

  /// The sum of the branches' results.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    let results = call(branches, x, context)
    let sum = results.dropLast().dropFirst().reduce(results[0]) { $0 + $1 }
    guard let last = results.dropFirst().last else { return activation(sum) }
    return activation == .relu ? sum.addingReLU(last) : activation(sum + last)
  }

  /// The layer as it would be written.
  public var description: String {
    "Add(\(branches.count) branches\(activation == .identity ? "" : ", \(activation)"))"
  }
}
