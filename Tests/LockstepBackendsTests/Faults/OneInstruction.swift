import LockstepCore

extension Backend {
  /// The first output of an operation on inputs, in fresh memory.
  func result(
    of operation: Operation, _ inputs: [TensorValue], origin: Origin = Origin()
  ) throws -> TensorValue {
    let operands = inputs.map { value in
      let operand = Operand(allocate(byteCount: value.spec.byteCount), value.spec)
      write(value, to: operand)
      return operand
    }
    let outputs = try operation.inferOutputs(inputs.map(\.spec)).map {
      Operand(allocate(byteCount: $0.byteCount), $0)
    }
    defer { for operand in operands + outputs { release(operand.buffer) } }
    submit(Instruction(operation, inputs: operands, outputs: outputs, origin: origin))
    return try value(of: outputs[0])
  }
}

extension TensorValue {
  /// Reals counted from 1.
  static func counting(_ shape: Shape, _ dtype: DType = .float32) -> TensorValue {
    TensorValue(TensorSpec(shape, dtype), reals: (0..<shape.count).map { Double($0 + 1) })
  }

  /// The same real everywhere.
  static func filled(_ shape: Shape, _ element: Double, _ dtype: DType = .float32) -> TensorValue {
    TensorValue(TensorSpec(shape, dtype), reals: [Double](repeating: element, count: shape.count))
  }

  /// Reals uniform in −1…1.
  static func random(_ shape: Shape, seed: UInt64 = 1, _ dtype: DType = .float32) -> TensorValue {
    var stream = RandomStream(seed: seed, purpose: .user)
    return TensorValue(
      TensorSpec(shape, dtype), reals: (0..<shape.count).map { _ in Double(stream.uniform()) * 2 - 1 })
  }
}
