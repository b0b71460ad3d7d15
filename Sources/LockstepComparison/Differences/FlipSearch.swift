import LockstepBackends
import LockstepCore

extension LockstepExecution {
  /// The units that decide otherwise on the two streams; nil where there is none, or nothing to decide.
  func flips(at place: InstructionPlace) throws(BackendError) -> Flip? {
    switch instruction.operation {
    case .unary(.relu):
      let (first, second) = (outputs[0], ownOutputs[0])
      guard first.bytes != second.bytes else { return nil }
      let (left, right) = (first.reals, second.reals)
      let flipped = left.indices.filter { (left[$0] > 0) != (right[$0] > 0) }
      guard let unit = flipped.first else { return nil }
      let values = PairedValue(try inputs[0].reals[unit], try ownInputs[0].reals[unit])
      return flip(.relu, at: place, flipped, in: first.spec.shape, values)
    case .binary(.addReLU): return try fusedFlips(at: place)
    case .batchNorm(let attributes) where attributes.relu: return try fusedFlips(at: place)
    case .batchNormInference(let attributes) where attributes.relu: return try fusedFlips(at: place)
    case .maxPool2D:
      guard let flipped = differing(output: 1) else { return nil }
      let values = PairedValue(outputs[0].reals[flipped[0]], ownOutputs[0].reals[flipped[0]])
      return flip(.pooling, at: place, flipped, in: outputs[1].spec.shape, values)
    case .argReduce:
      guard let flipped = differing(output: 0) else { return nil }
      let values = PairedValue(
        Double(outputs[0].integers[flipped[0]]), Double(ownOutputs[0].integers[flipped[0]]))
      return flip(.prediction, at: place, flipped, in: outputs[0].spec.shape, values)
    default: return nil
    }
  }

  /// Units whose ReLU is part of another operation, so that what went into it is not known: the values are what
  /// came out.
  private func fusedFlips(at place: InstructionPlace) throws(BackendError) -> Flip? {
    let (first, second) = (outputs[0], ownOutputs[0])
    guard first.bytes != second.bytes else { return nil }
    let (left, right) = (first.reals, second.reals)
    let flipped = left.indices.filter { (left[$0] > 0) != (right[$0] > 0) }
    guard let unit = flipped.first else { return nil }
    return flip(.relu, at: place, flipped, in: first.spec.shape, PairedValue(left[unit], right[unit]))
  }

  /// The elements of an integer output that differ on the two streams; nil if there is none.
  private func differing(output: Int) -> [Int]? {
    guard outputs[output].bytes != ownOutputs[output].bytes else { return nil }
    let (left, right) = (outputs[output].integers, ownOutputs[output].integers)
    return left.indices.filter { left[$0] != right[$0] }
  }

  private func flip(
    _ kind: Flip.Kind, at place: InstructionPlace, _ units: [Int], in shape: Shape, _ values: PairedValue
  ) -> Flip {
    Flip(
      kind: kind, place: place, index: shape.index(of: units[0]), values: values, count: units.count,
      unitCount: shape.count)
  }
}
