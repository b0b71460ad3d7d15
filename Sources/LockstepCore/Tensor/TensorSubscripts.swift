/// What stands for a dimension in a subscript: an `Int` (the dimension disappears), a range of them, or
/// ``TensorRange``. Negative numbers count from the end.
public protocol TensorIndex {
  /// The index as a range, and whether the dimension disappears.
  var tensorRange: TensorRange { get }
}

/// Elements of a dimension: from, up to and by how many.
public struct TensorRange: TensorIndex, Hashable, Sendable {
  var start: Int?
  var end: Int?
  var step = 1
  var isPoint = false
  var isNewAxis = false

  /// Itself.
  public var tensorRange: TensorRange { self }

  /// Where the range starts in a dimension and how many elements it has, both inside of it as Python does it;
  /// nil for a point outside.
  func resolved(in size: Int) -> (start: Int, size: Int)? {
    func position(_ index: Int) -> Int { index < 0 ? index + size : index }
    if isPoint {
      let point = position(start!)
      return (0..<size).contains(point) ? (point, 1) : nil
    }
    let first = min(max(start.map(position) ?? 0, 0), size)
    let last = min(max(end.map(position) ?? size, first), size)
    return (first, (last - first + step - 1) / step)
  }
}

extension TensorIndex where Self == TensorRange {
  /// The whole dimension.
  public static var all: TensorRange { TensorRange() }

  /// A new dimension of size 1.
  public static var newAxis: TensorRange { TensorRange(isNewAxis: true) }

  /// Elements from `start` up to, not including, `end`, which may be counted from different sides, as those of
  /// a Swift range can't: `x[.from(1, to: -1)]` leaves out the first and the last.
  public static func from(_ start: Int, to end: Int) -> TensorRange {
    TensorRange(start: start, end: end)
  }

  /// Every `step`-th element from `start` up to, not including, `end`.
  public static func by(_ step: Int, from start: Int? = nil, to end: Int? = nil) -> TensorRange {
    trap(unless: step >= 1, "a subscript's step must be at least 1: \(step)")
    return TensorRange(start: start, end: end, step: step)
  }
}

extension Int: TensorIndex {
  /// The one element at this index; the dimension disappears.
  public var tensorRange: TensorRange { TensorRange(start: self, isPoint: true) }
}

extension Range<Int>: TensorIndex {
  /// From the lower bound up to, not including, the upper.
  public var tensorRange: TensorRange { TensorRange(start: lowerBound, end: upperBound) }
}

extension ClosedRange<Int>: TensorIndex {
  /// From the lower bound up to and including the upper.
  public var tensorRange: TensorRange {
    TensorRange(start: lowerBound, end: upperBound == -1 ? nil : upperBound + 1)
  }
}

extension PartialRangeFrom<Int>: TensorIndex {
  /// From the bound to the end.
  public var tensorRange: TensorRange { TensorRange(start: lowerBound) }
}

extension PartialRangeUpTo<Int>: TensorIndex {
  /// From the beginning up to, not including, the bound.
  public var tensorRange: TensorRange { TensorRange(end: upperBound) }
}

extension PartialRangeThrough<Int>: TensorIndex {
  /// From the beginning up to and including the bound.
  public var tensorRange: TensorRange { TensorRange(end: upperBound == -1 ? nil : upperBound + 1) }
}

extension Tensor {
  /// The part of the tensor that the indices pick, dimensions not named being whole:
  /// `x[0]`, `x[..<2, 1]`, `x[.all, .by(2)]`, `x[.newAxis]`. Ranges are cut to the dimension, as in Python; a
  /// point outside of it traps.
  public subscript<each Index: TensorIndex>(
    _ indices: repeat each Index, file file: StaticString = #fileID, line line: UInt = #line
  ) -> Tensor {
    var ranges: [TensorRange] = []
    repeat ranges.append((each indices).tensorRange)
    trap(
      unless: ranges.lazy.filter { !$0.isNewAxis }.count <= rank,
      "subscript: too many indices for shape \(shape)",
      file: file,
      line: line)
    var slice = Slice(
      starts: shape.dimensions.map { _ in 0 }, sizes: shape.dimensions, steps: shape.dimensions.map { _ in 1 }
    )
    var result: [Int] = []
    var axis = 0
    for range in ranges {
      if range.isNewAxis {
        result.append(1)
        continue
      }
      guard let (start, size) = range.resolved(in: shape[axis]) else {
        trap(
          "subscript: index \(range.start!) is outside of axis \(axis) of \(shape)", file: file, line: line)
      }
      slice.starts[axis] = start
      slice.sizes[axis] = size
      slice.steps[axis] = range.step
      if !range.isPoint { result.append(size) }
      axis += 1
    }
    result += shape.dimensions.dropFirst(axis)
    let part = Shape(slice.sizes) == shape ? self : Tensor.applied(.slice(slice), self)
    return part.reshaped(to: Shape(result))
  }

  /// `size` elements of an axis, from `start` on.
  func sliced(axis: Int, start: Int, size: Int) -> Tensor {
    var slice = Slice(
      starts: shape.dimensions.map { _ in 0 }, sizes: shape.dimensions, steps: shape.dimensions.map { _ in 1 }
    )
    slice.starts[axis] = start
    slice.sizes[axis] = size
    return .applied(.slice(slice), self)
  }
}
