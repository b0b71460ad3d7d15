import LockstepCore

/// Creation and layout. Elements move as bit patterns, so NaN payloads and the sign of zero survive.
extension ReferenceKernels {
  static func fill(_ value: Scalar, _ output: TensorSpec) -> ReferenceTensor {
    let count = output.shape.count
    switch (value, output.dtype.isFloatingPoint) {
    case (.integer(let number), false):
      return ReferenceTensor(output, integers: [Int64](repeating: number, count: count))
    case (.real(let number), true):
      return ReferenceTensor(output, reals: [Double](repeating: number, count: count))
    case (.integer(let number), true):
      let scalar = ReferenceTensor(TensorSpec([], .int64), integers: [number])
      return broadcast(cast(scalar, TensorSpec([], output.dtype)), output)
    case (.real(let number), false):
      let scalar = ReferenceTensor(TensorSpec([], .float64), reals: [number])
      return broadcast(cast(scalar, TensorSpec([], output.dtype)), output)
    }
  }

  static func broadcast(_ x: ReferenceTensor, _ output: TensorSpec) -> ReferenceTensor {
    ReferenceTensor(output, patterns: expand(x.patterns, from: x.shape, to: output.shape))
  }

  static func transpose(
    _ x: ReferenceTensor, _ permutation: [Int], _ output: TensorSpec
  ) -> ReferenceTensor {
    let strides = x.shape.strides
    let sources = offsets(of: output.shape, strides: permutation.map { strides[$0] })
    return pick(x, sources, output)
  }

  static func slice(_ x: ReferenceTensor, _ slice: Slice, _ output: TensorSpec) -> ReferenceTensor {
    let strides = x.shape.strides
    let start = zip(slice.starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
    let steps = zip(slice.steps, strides).map { $0 * $1 }
    return pick(x, offsets(of: output.shape, strides: steps, from: start), output)
  }

  static func pad(_ x: ReferenceTensor, _ pad: Pad, _ output: TensorSpec) -> ReferenceTensor {
    let strides = output.shape.strides
    let start = zip(pad.low, strides).reduce(0) { $0 + $1.0 * $1.1 }
    let steps = zip(pad.interior, strides).map { ($0 + 1) * $1 }
    var patterns = [UInt64](repeating: 0, count: output.shape.count)
    put(x.patterns, at: offsets(of: x.shape, strides: steps, from: start), into: &patterns)
    return ReferenceTensor(output, patterns: patterns)
  }

  static func concatenate(
    _ inputs: [ReferenceTensor], axis: Int, _ output: TensorSpec
  ) -> ReferenceTensor {
    let strides = output.shape.strides
    var patterns = [UInt64](repeating: 0, count: output.shape.count)
    var position = 0
    for input in inputs {
      let targets = offsets(of: input.shape, strides: strides, from: position * strides[axis])
      put(input.patterns, at: targets, into: &patterns)
      position += input.shape[axis]
    }
    return ReferenceTensor(output, patterns: patterns)
  }

  static func gather(
    _ x: ReferenceTensor, indices: ReferenceTensor, axis: Int, _ output: TensorSpec
  ) throws(IndexOutOfRange) -> ReferenceTensor {
    let indices = try checked(indices, below: x.shape[axis])
    let patterns = x.patterns
    var picked: [UInt64] = []
    picked.reserveCapacity(output.shape.count)
    let lanes = Lanes(x.shape, axis: axis)
    for outer in 0..<lanes.outer {
      for index in indices {
        for inner in 0..<lanes.inner { picked.append(patterns[lanes.offset(outer, index, inner)]) }
      }
    }
    return ReferenceTensor(output, patterns: picked)
  }

  static func scatterAdd(
    _ x: ReferenceTensor, indices: ReferenceTensor, axis: Int, _ output: TensorSpec
  ) throws(IndexOutOfRange) -> ReferenceTensor {
    let indices = try checked(indices, below: output.shape[axis])
    if x.spec.dtype.isFloatingPoint {
      return ReferenceTensor(
        output, reals: scatter(x.reals, x.shape, indices, axis, output.shape, zero: 0, add: +))
    }
    return ReferenceTensor(
      output, integers: scatter(x.integers, x.shape, indices, axis, output.shape, zero: 0, add: &+))
  }

  private static func scatter<Value>(
    _ values: [Value], _ shape: Shape, _ indices: [Int], _ axis: Int, _ target: Shape, zero: Value,
    add: (Value, Value) -> Value
  ) -> [Value] {
    var sums = [Value](repeating: zero, count: target.count)
    let source = Lanes(shape, axis: axis)
    let destination = Lanes(target, axis: axis)
    for outer in 0..<source.outer {
      for (position, index) in indices.enumerated() {
        for inner in 0..<source.inner {
          let slot = destination.offset(outer, index, inner)
          sums[slot] = add(sums[slot], values[source.offset(outer, position, inner)])
        }
      }
    }
    return sums
  }

  /// Indices as `Int`, all of them in `0..<bound`.
  static func checked(
    _ indices: ReferenceTensor, below bound: Int
  ) throws(IndexOutOfRange) -> [Int] {
    let values = indices.integers
    guard values.allSatisfy({ $0 >= 0 && $0 < bound }) else { throw IndexOutOfRange() }
    return values.map { Int($0) }
  }

  private static func pick(
    _ x: ReferenceTensor, _ sources: [Int], _ output: TensorSpec
  ) -> ReferenceTensor {
    let patterns = x.patterns
    return ReferenceTensor(output, patterns: sources.map { patterns[$0] })
  }

  private static func put(_ values: [UInt64], at targets: [Int], into patterns: inout [UInt64]) {
    for (value, target) in zip(values, targets) { patterns[target] = value }
  }
}
