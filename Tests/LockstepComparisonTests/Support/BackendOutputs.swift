import LockstepCore

extension Backend {
  /// What an operation gives for inputs that are uploaded first.
  func outputs(
    of operation: Operation, _ inputs: [TensorValue], _ specs: [TensorSpec]
  ) throws -> [TensorValue] {
    let sources = inputs.map { Operand(allocate(byteCount: $0.spec.byteCount), $0.spec) }
    let targets = specs.map { Operand(allocate(byteCount: $0.byteCount), $0) }
    defer { for operand in sources + targets { release(operand.buffer) } }
    for (operand, input) in zip(sources, inputs) { write(input, to: operand) }
    submit(Instruction(operation, inputs: sources, outputs: targets))
    return try targets.map { try value(of: $0) }
  }
}
