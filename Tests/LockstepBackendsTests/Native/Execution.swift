import LockstepBackends
import LockstepConformance
import LockstepCore

extension Backend {
  /// The bytes of an operation's outputs.
  func outputs(of operation: Operation, _ inputs: [TensorValue]) throws -> [[UInt8]] {
    let sources = inputs.map { input in
      let buffer = allocate(byteCount: input.bytes.count)
      input.bytes.withUnsafeBytes { upload($0, to: buffer) }
      return Operand(buffer, input.spec)
    }
    let specs = try operation.inferOutputs(inputs.map(\.spec))
    let targets = specs.map { Operand(allocate(byteCount: $0.byteCount), $0) }
    defer { for operand in sources + targets { release(operand.buffer) } }
    submit(Instruction(operation, inputs: sources, outputs: targets))
    return try targets.map { target in
      var bytes = [UInt8](repeating: 0, count: target.spec.byteCount)
      try bytes.withUnsafeMutableBytes { try download(target.buffer, into: $0) }
      return bytes
    }
  }

  /// The elements of the single output of a float32 operation.
  func floats(_ operation: Operation, _ inputs: [[Float]]) throws -> [Float] {
    let values = inputs.map { elements in
      TensorValue(TensorSpec([elements.count], .float32), bytes: elements.withUnsafeBytes { [UInt8]($0) })
    }
    return try outputs(of: operation, values)[0].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }
}
