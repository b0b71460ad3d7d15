import LockstepCore

// A fault of conversions.
extension Backend {
  /// A cast that keeps the low bits of what does not fit: reals as x86's `cvttsd2si` gives them, cut to the
  /// target's width, and int64 by way of int32.
  func truncatingCast(_ instruction: Instruction) throws(BackendError) -> TensorValue {
    let source = try value(of: instruction.inputs[0])
    let target = instruction.outputs[0].spec
    guard source.spec.dtype.isFloatingPoint else {
      return TensorValue(
        target, integers: source.integers.map { Int64(Int32(truncatingIfNeeded: $0)) })
    }
    // Out of range, and for NaN, the instruction gives the smallest integer.
    return TensorValue(target, integers: source.reals.map { Int64(exactly: $0.rounded(.towardZero)) ?? .min })
  }
}
