// Reductions over axes, negative ones counted from the end; without any, over all.
extension Tensor {
  /// The sum of the elements; 0 of none.
  public func sum(
    _ axes: Int..., keepDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reduced(.sum, axes, keepDimensions, file: file, line: line)
  }

  /// The mean of the elements.
  public func mean(
    _ axes: Int..., keepDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reduced(.mean, axes, keepDimensions, file: file, line: line)
  }

  /// The sum of the elements' squares, in one pass; 0 of none. Floating point only.
  public func sumOfSquares(
    _ axes: Int..., keepDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reduced(.sumOfSquares, axes, keepDimensions, file: file, line: line)
  }

  /// The largest element; NaN if any is.
  public func max(
    _ axes: Int..., keepDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reduced(.max, axes, keepDimensions, file: file, line: line)
  }

  /// The smallest element; NaN if any is.
  public func min(
    _ axes: Int..., keepDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reduced(.min, axes, keepDimensions, file: file, line: line)
  }

  /// The mean squared deviation from the mean, in two passes; the divisor is the number of elements less
  /// `correction` (0 as in NumPy, 1 for the unbiased estimate), but not less than 0.
  public func variance(
    _ axes: Int..., correction: Int = 0, keepDimensions: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let deviation = self - reduced(.mean, axes, true, file: file, line: line)
    let squares = deviation.reduced(.sumOfSquares, axes, keepDimensions)
    return squares / Swift.max(0, normalized(axes).reduce(1) { $0 * shape[$1] } - correction)
  }

  /// Where the first largest element along an axis is, as int64.
  public func argMax(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .applied(.argReduce(.max, axis: positive(axis)), self, file: file, line: line)
  }

  /// Where the first smallest element along an axis is, as int64.
  public func argMin(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .applied(.argReduce(.min, axis: positive(axis)), self, file: file, line: line)
  }

  func reduced(
    _ reduction: Reduction, _ axes: [Int], _ keepDimensions: Bool, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let axes = normalized(axes)
    let result = Tensor.applied(.reduce(reduction, axes: axes), self, file: file, line: line)
    return keepDimensions ? result.reshaped(to: shape.keeping(axes)) : result
  }

  private func normalized(_ axes: [Int]) -> [Int] {
    axes.isEmpty ? Array(0..<rank) : axes.map(positive).sorted()
  }

  /// The sum over the axes along which broadcasting repeated `shape` to become this tensor's: the adjoint of
  /// broadcasting.
  func summed(to shape: Shape) -> Tensor {
    guard shape != self.shape else { return self }
    return Tensor.applied(.reduce(.sum, axes: shape.broadcastAxes(to: self.shape)), self)
      .reshaped(to: shape)
  }
}
