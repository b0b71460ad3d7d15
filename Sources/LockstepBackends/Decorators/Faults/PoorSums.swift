import LockstepCore

// Faults that add up too much in too little.
extension Backend {
  /// The sum, mean or sum of squares of everything, added up one by one in a single accumulator of a type.
  func total<Accumulator: BinaryFloatingPoint>(
    of instruction: Instruction, in type: Accumulator.Type
  ) throws(BackendError) -> TensorValue {
    var elements = try value(of: instruction.inputs[0]).reals
    if case .reduce(.sumOfSquares, _) = instruction.operation { elements = elements.map { $0 * $0 } }
    var sum: Accumulator = 0
    for element in elements { sum += Accumulator(element) }
    if case .reduce(.mean, _) = instruction.operation { sum /= Accumulator(elements.count) }
    return TensorValue(instruction.outputs[0].spec, reals: [Double(sum)])
  }
}
