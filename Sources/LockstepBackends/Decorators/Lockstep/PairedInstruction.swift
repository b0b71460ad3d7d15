import LockstepCore

/// A buffer as each of two backends has it.
struct BufferPair {
  let first: BufferID
  let second: BufferID
  /// How many bytes, from the beginning, are known to be the same in both.
  var equalByteCount = 0
}

/// An instruction in each of two backends' buffers.
struct PairedInstruction {
  let first: Instruction
  let second: Instruction
  /// Whether all inputs are known to be the same on both.
  let hasEqualInputs: Bool
  /// Whether an output shares a buffer with an input.
  let overwritesInputs: Bool

  init(_ instruction: Instruction, _ pair: (BufferID) -> BufferPair) {
    var first = instruction
    var second = instruction
    var hasEqualInputs = true
    for (index, input) in instruction.inputs.enumerated() {
      let pair = pair(input.buffer)
      first.inputs[index].buffer = pair.first
      second.inputs[index].buffer = pair.second
      hasEqualInputs = hasEqualInputs && pair.equalByteCount >= input.spec.byteCount
    }
    for (index, output) in instruction.outputs.enumerated() {
      let pair = pair(output.buffer)
      first.outputs[index].buffer = pair.first
      second.outputs[index].buffer = pair.second
    }
    self.first = first
    self.second = second
    self.hasEqualInputs = hasEqualInputs
    let read = Set(instruction.inputs.map(\.buffer))
    overwritesInputs = instruction.outputs.contains { read.contains($0.buffer) }
  }
}
