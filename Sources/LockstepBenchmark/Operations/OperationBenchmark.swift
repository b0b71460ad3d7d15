import LockstepCore
import LockstepTraining

/// An operation, or a few that belong together, on operands of a size.
struct OperationBenchmark: Sendable {
  /// An operand: what it is, and what it holds.
  struct Input: Hashable, Sendable {
    let spec: TensorSpec
    let filling: OperandFilling

    init(_ shape: Shape, _ dtype: DType = .float32, _ filling: OperandFilling = .uniform) {
      spec = TensorSpec(shape, dtype)
      self.filling = filling
    }
  }

  /// The name in reports, such as `matmul-2000-float32`.
  let name: String
  /// What a call computes and moves.
  let work: OperationWork
  /// The type whose peak of products a call is held against.
  let dtype: DType
  /// Makes the operands on a device.
  let operands: @Sendable (Device) -> [Tensor]
  /// A call on them; the result is dropped.
  let call: @Sendable ([Tensor]) -> Void

  /// A single operation.
  init(_ name: String, _ operation: Operation, _ inputs: [Input]) {
    let specs = inputs.map(\.spec)
    guard let outputs = try? operation.inferOutputs(specs) else {
      trap("the benchmark \(name) has operands that don't fit: \(specs)")
    }
    self.init(name, inputs, operation.work(specs, outputs)) { _ = Tensor.apply(operation, $0) }
  }

  /// Several operations; `work` is that of the whole, without what goes from one to the next.
  init(_ name: String, _ inputs: [Input], _ work: OperationWork, call: @escaping @Sendable ([Tensor]) -> Void)
  {
    self.init(
      name, dtype: inputs[0].spec.dtype, work,
      operands: { device in inputs.map { $0.filling.tensor($0.spec, on: device) } }, call: call)
  }

  /// Several operations on operands that are made in a way of their own.
  init(
    _ name: String, dtype: DType, _ work: OperationWork, operands: @escaping @Sendable (Device) -> [Tensor],
    call: @escaping @Sendable ([Tensor]) -> Void
  ) {
    self.name = name
    self.dtype = dtype
    self.work = work
    self.operands = operands
    self.call = call
  }

  /// How long the first call takes in this process, on operands that are ready.
  ///
  /// Asked for in a fresh process, it is what a program waits for its first result: memory is touched, threads
  /// wake, kernels are chosen.
  func firstCall(on device: Device) throws(BackendError) -> Double {
    let operands = operands(device)
    try device.synchronize()
    let clock = ContinuousClock()
    let begin = clock.now
    call(operands)
    try device.synchronize()
    return begin.duration(to: clock.now).seconds
  }
}
