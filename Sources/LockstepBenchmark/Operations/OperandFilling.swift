import LockstepCore

/// What an operand of a benchmark holds. Time can depend on it: zeros are skipped, denormal numbers are slow.
enum OperandFilling: Hashable, Sendable {
  /// Random numbers from −1 to 1; integers from −8 to 8.
  case uniform
  /// Random whole numbers from 0 on, below a bound: labels, indices.
  case index(below: Int)
  /// A result of an operation on random operands, such as the positions a pooling gives.
  case result(of: Operation, [TensorSpec], output: Int)

  private static let seed: UInt64 = 5
  /// Random numbers are repeated after so many: making them must not take longer than measuring.
  private static let period = 1 << 16

  /// A tensor of it; the same for every backend, machine and day.
  func tensor(_ spec: TensorSpec, on device: Device) -> Tensor {
    switch self {
    case .uniform:
      let tensor = Tensor(Self.numbers(spec.shape.count), shape: spec.shape, on: device)
      let scaled = spec.dtype.isFloatingPoint ? tensor : tensor * 8
      return spec.dtype == .float32 ? scaled : scaled.asType(spec.dtype)
    case .index(let bound):
      let numbers = Self.numbers(spec.shape.count).map { Int32(($0 + 1) / 2 * Float(bound)) % Int32(bound) }
      return Tensor(numbers, shape: spec.shape, on: device).asType(spec.dtype)
    case .result(let operation, let inputs, let output):
      let operands = inputs.map { OperandFilling.uniform.tensor($0, on: device) }
      return Tensor.apply(operation, operands)[output]
    }
  }

  /// Numbers from [−1, 1).
  private static func numbers(_ count: Int) -> [Float] {
    var stream = RandomStream(seed: seed, purpose: .experiment, index: UInt64(count))
    let some = (0..<min(count, period)).map { _ in 2 * stream.uniform() - 1 }
    return count <= period ? some : (0..<count).map { some[$0 % period] }
  }
}
