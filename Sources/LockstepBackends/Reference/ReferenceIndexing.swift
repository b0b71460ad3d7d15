import LockstepCore

/// A shape seen as `[outer, size, inner]` around one of its axes.
struct Lanes {
  let outer: Int
  let size: Int
  let inner: Int

  init(_ shape: Shape, axis: Int) {
    outer = shape.dimensions[..<axis].reduce(1, *)
    size = shape.dimensions[axis]
    inner = shape.dimensions[(axis + 1)...].reduce(1, *)
  }

  func offset(_ outer: Int, _ position: Int, _ inner: Int) -> Int {
    (outer * size + position) * self.inner + inner
  }
}

extension ReferenceKernels {
  /// For every element of `shape` in row-major order, where it lies in memory with other strides.
  static func offsets(of shape: Shape, strides: [Int], from start: Int = 0) -> [Int] {
    var offsets: [Int] = []
    offsets.reserveCapacity(shape.count)
    func visit(_ axis: Int, _ offset: Int) {
      guard axis < shape.rank else {
        offsets.append(offset)
        return
      }
      for position in 0..<shape.dimensions[axis] { visit(axis + 1, offset + position * strides[axis]) }
    }
    visit(0, start)
    return offsets
  }

  /// `values` of a tensor of shape `source`, repeated to fill `target` by the rule of broadcasting.
  static func expand<Value>(_ values: [Value], from source: Shape, to target: Shape) -> [Value] {
    if source == target { return values }
    if source.count == 1 { return [Value](repeating: values[0], count: target.count) }
    return offsets(of: target, strides: repeatingStrides(of: source, in: target)).map { values[$0] }
  }

  /// Strides by which `target` walks over a tensor of shape `source`: 0 where it is repeated.
  private static func repeatingStrides(of source: Shape, in target: Shape) -> [Int] {
    let added = target.rank - source.rank
    let strides = source.strides
    return (0..<target.rank).map { axis in
      axis < added || source.dimensions[axis - added] == 1 ? 0 : strides[axis - added]
    }
  }
}
