extension Tensor {
  /// The elements converted. Real to integer truncates towards zero and saturates, NaN becomes 0.
  public func asType(
    _ dtype: DType, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    dtype == self.dtype ? self : .applied(.cast(dtype), self, file: file, line: line)
  }

  /// The elements, in row-major order, in another shape. One size may be −1: it is worked out.
  public func reshaped(
    _ dimensions: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var sizes = dimensions
    if let unknown = sizes.firstIndex(of: -1) {
      let known = sizes.enumerated().reduce(1) { $1.offset == unknown ? $0 : $0 * $1.element }
      trap(
        unless: known > 0 && count % known == 0, "reshape: \(shape) does not fill \(dimensions)", file: file,
        line: line)
      sizes[unknown] = count / known
    }
    return reshaped(to: Shape(sizes), file: file, line: line)
  }

  func reshaped(to shape: Shape, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    shape == self.shape ? self : .applied(.reshape(shape), self, file: file, line: line)
  }

  /// The elements repeated along new and size-1 dimensions.
  public func broadcast(
    to shape: Shape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    shape == self.shape ? self : .applied(.broadcast(shape), self, file: file, line: line)
  }

  /// The dimensions permuted, negative ones counted from the end; without an argument, reversed.
  public func transposed(
    _ permutation: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let permutation = permutation?.map(positive) ?? Array((0..<rank).reversed())
    return .applied(.transpose(permutation), self, file: file, line: line)
  }

  /// A dimension of size 1 put in at `axis`; −1 appends one.
  public func expandingDimension(
    at axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let position = axis < 0 ? axis + rank + 1 : axis
    trap(
      unless: (0...rank).contains(position), "expandingDimension: no place \(axis) in \(shape)", file: file,
      line: line)
    var sizes = shape.dimensions
    sizes.insert(1, at: position)
    return reshaped(to: Shape(sizes), file: file, line: line)
  }

  /// The dimensions of size 1 taken out.
  public func squeezed() -> Tensor { reshaped(to: Shape(shape.dimensions.filter { $0 != 1 })) }

  /// All dimensions from `axis` on made one; a scalar becomes a vector.
  public func flattened(
    from axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let first = positive(axis)
    trap(
      unless: (0..<Swift.max(1, rank)).contains(first), "flattened: \(shape) has no axis \(axis)", file: file,
      line: line)
    let kept = shape.dimensions.prefix(first)
    return reshaped(
      to: Shape(kept + [shape.dimensions.dropFirst(first).reduce(1, *)]), file: file, line: line)
  }

  /// An axis counted from the beginning.
  func positive(_ axis: Int) -> Int { axis < 0 ? axis + rank : axis }

  /// Zeros before and behind the elements of every dimension.
  public func padded(
    low: [Int], high: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let none = [Int](repeating: 0, count: rank)
    return .applied(
      .pad(Pad(low: low, high: high, interior: none)), self, file: file, line: line)
  }

  /// Tensors joined along an axis.
  public static func concatenate(
    _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    trap(unless: !tensors.isEmpty, "concatenate: no tensors", file: file, line: line)
    let axis = tensors[0].positive(axis)
    var parts = tensors
    // An instruction joins up to four; more are joined in rounds.
    while parts.count > 1 {
      parts = stride(from: 0, to: parts.count, by: 4).map { start in
        let group = Array(parts[start...].prefix(4))
        return group.count == 1
          ? group[0] : apply(.concatenate(axis: axis), group, file: file, line: line)[0]
      }
    }
    return parts[0]
  }

  /// Tensors of one shape put side by side along a new dimension.
  public static func stack(
    _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    concatenate(
      tensors.map { $0.expandingDimension(at: axis, file: file, line: line) }, axis: axis, file: file,
      line: line)
  }

  /// The slices along an axis that a vector of `int32` or `int64` indices picks. An index outside of the
  /// axis is a ``BackendError/indexOutOfRange(operation:origin:)`` when the result is read.
  public func gathered(
    _ indices: Tensor, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .applied(.gather(axis: positive(axis)), self, indices, file: file, line: line)
  }
}
