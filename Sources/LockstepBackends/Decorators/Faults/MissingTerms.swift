import LockstepCore

// Faults that leave a term out of sums of products.
extension Backend {
  /// What an instruction gives without one of the products it adds up: computed once more, with zeros in
  /// place of the factors that make that term.
  func result(of instruction: Instruction, withoutTerm term: Int) throws(BackendError) -> TensorValue {
    let output = instruction.outputs[0]
    guard let (position, isPart) = instruction.factors(ofTerm: term) else { return try value(of: output) }
    let original = instruction.inputs[position]
    let value = try self.value(of: original)
    let elements = value.reals.enumerated().map { isPart($0.offset) ? 0 : $0.element }
    var incomplete = instruction
    incomplete.inputs[position].buffer = allocate(byteCount: original.spec.byteCount)
    incomplete.outputs[0].buffer = allocate(byteCount: output.spec.byteCount)
    defer {
      release(incomplete.inputs[position].buffer)
      release(incomplete.outputs[0].buffer)
    }
    write(TensorValue(original.spec, reals: elements), to: incomplete.inputs[position])
    submit(incomplete)
    return try self.value(of: incomplete.outputs[0])
  }
}

extension Instruction {
  /// One factor of a term of every element of the result: which operand has them, and which of its elements
  /// they are. Terms are counted in the order of the loops: of a convolution kernel row, kernel column,
  /// channel; of a gradient at its weight image, row, column.
  fileprivate func factors(ofTerm term: Int) -> (position: Int, isPart: (Int) -> Bool)? {
    switch operation {
    case .matmul(let matmul):
      let left = inputs[0].spec.shape
      let (rows, columns) = (left[-2], left[-1])
      return (0, { matmul.transposeA ? $0 / columns % rows == term : $0 % columns == term })
    case .conv2D:
      let channelsOut = inputs[1].spec.shape[3]
      return (1, { $0 / channelsOut == term })
    case .conv2DInputGradient(let convolution, _, _):
      let weight = inputs[1].spec.shape
      let inGroup = weight[3] / convolution.groups
      let tapSize = weight[2] * weight[3]
      return (1, { $0 / tapSize == term / inGroup && $0 % weight[3] % inGroup == term % inGroup })
    case .conv2DWeightGradient:
      let channelsOut = inputs[1].spec.shape[3]
      return (1, { $0 / channelsOut == term })
    default:
      return nil
    }
  }
}
