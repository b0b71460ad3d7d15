import LockstepCore

/// Sums of products in double precision.
enum ExactSums {
  /// Every output's elements.
  static func evaluate(
    _ operation: Operation, _ inputs: [TensorValue], _ outputs: [TensorSpec]
  ) throws(BackendError) -> [[Double]] {
    try OperationOracle.evaluate(operation, inputs.map(\.doubled), outputs.map(\.doubled)).map(\.reals)
  }
}
