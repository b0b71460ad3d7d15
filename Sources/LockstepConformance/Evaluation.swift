import LockstepCore

/// An operation computed once by a backend, with all that it left in the backend's memory.
struct Evaluation {
  /// Bytes behind every output that must stay as they are.
  private static let guardByteCount = 64

  /// What the outputs hold.
  let outputs: [TensorValue]
  private let inputsAfterwards: [[UInt8]]
  private let guards: [ArraySlice<UInt8>]
  private let fill: UInt8

  /// Uploads the inputs, fills the outputs with `fill`, computes and downloads everything.
  init(
    _ operation: Operation, _ inputs: [TensorValue], _ specs: [TensorSpec], on backend: any Backend,
    fill: UInt8
  ) throws(BackendError) {
    let sources = inputs.map { backend.allocate(byteCount: $0.bytes.count) }
    let targets = specs.map { backend.allocate(byteCount: $0.byteCount + Self.guardByteCount) }
    defer { for buffer in sources + targets { backend.release(buffer) } }
    for (buffer, input) in zip(sources, inputs) {
      input.bytes.withUnsafeBytes { backend.upload($0, to: buffer) }
    }
    for (buffer, spec) in zip(targets, specs) {
      let bytes = [UInt8](repeating: fill, count: spec.byteCount + Self.guardByteCount)
      bytes.withUnsafeBytes { backend.upload($0, to: buffer) }
    }

    backend.submit(
      Instruction(
        operation, inputs: zip(sources, inputs).map { Operand($0, $1.spec) },
        outputs: zip(targets, specs).map { Operand($0, $1) }))

    var outputs: [TensorValue] = []
    var guards: [ArraySlice<UInt8>] = []
    for (buffer, spec) in zip(targets, specs) {
      let bytes = try backend.bytes(of: buffer, count: spec.byteCount + Self.guardByteCount)
      outputs.append(TensorValue(spec, bytes: Array(bytes.prefix(spec.byteCount))))
      guards.append(bytes.suffix(Self.guardByteCount))
    }
    var inputsAfterwards: [[UInt8]] = []
    for (buffer, input) in zip(sources, inputs) {
      inputsAfterwards.append(try backend.bytes(of: buffer, count: input.bytes.count))
    }
    self.outputs = outputs
    self.guards = guards
    self.inputsAfterwards = inputsAfterwards
    self.fill = fill
  }

  /// What was written where nothing may be written.
  func problem(_ inputs: [TensorValue]) -> String? {
    for (index, input) in inputs.enumerated() where input.bytes != inputsAfterwards[index] {
      return "input \(index) was modified"
    }
    for (index, guardBytes) in guards.enumerated() where guardBytes.contains(where: { $0 != fill }) {
      return "wrote behind the end of output \(index)"
    }
    return nil
  }
}
