/// How much an operation computes and moves, by its definition: the same whatever executes it, and however.
///
/// What is done in fact may be less (zeros that are skipped, Winograd's algorithm) or more (operands that are
/// read twice). Rates made of these numbers compare ways to do the same thing.
public struct OperationWork: Hashable, Sendable {
  /// Floating-point operations: a multiplication and an addition for every product of a matrix product or a
  /// convolution, those with padding among them. Nil of other operations, which memory bounds: nobody agrees on
  /// how many an exponential is.
  public var floatingPointOperations: Double?
  /// The bytes of every input and every output, each once.
  public var byteCount: Double

  /// Creates a description.
  public init(floatingPointOperations: Double?, byteCount: Double) {
    self.floatingPointOperations = floatingPointOperations
    self.byteCount = byteCount
  }
}

extension Operation {
  /// The work for operands of these shapes and dtypes.
  public func work(_ inputs: [TensorSpec], _ outputs: [TensorSpec]) -> OperationWork {
    let bytes = (inputs + outputs).reduce(0.0) { $0 + Double($1.byteCount) }
    return OperationWork(
      floatingPointOperations: products(inputs, outputs).map { 2 * $0 }, byteCount: bytes)
  }

  /// How many products are summed in all. Of the three directions of a convolution it is the same number.
  private func products(_ inputs: [TensorSpec], _ outputs: [TensorSpec]) -> Double? {
    switch self {
    case .matmul, .conv2D:
      productCount(inputs).map { Double(outputs[0].shape.count) * Double($0) }
    case .conv2DInputGradient:
      Double(inputs[0].shape.count) * Self.taps(inputs[1].shape)
    case .conv2DWeightGradient:
      Double(inputs[1].shape.count) * Self.taps(outputs[0].shape)
    case .fusedConv2D(let fused):
      Double(outputs[0].shape.count * fused.windowCount) * Self.taps(inputs[1].shape)
    case .fusedConv2DInputGradient(let fused, _, _):
      Double(inputs[0].shape.count * fused.windowCount) * Self.taps(inputs[1].shape)
    case .fusedConv2DWeightGradient(let fused, _, _):
      Double(inputs[1].shape.count * fused.windowCount) * Self.taps(outputs[0].shape)
    default: nil
    }
  }

  /// How many weights meet at one output element of a convolution.
  private static func taps(_ weight: Shape) -> Double { Double(weight[0] * weight[1] * weight[2]) }
}

extension Instruction {
  /// The work it asks for.
  public var work: OperationWork { operation.work(inputs.map(\.spec), outputs.map(\.spec)) }
}
