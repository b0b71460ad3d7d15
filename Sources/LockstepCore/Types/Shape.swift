/// The sizes of a tensor's dimensions, outermost first; `[]` is a scalar.
///
/// Tensors are dense and row-major, so a shape and a dtype say everything about the layout.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral {
  /// The largest rank an operation takes (`LK_MAX_RANK` in `lockstep_kernels.h`).
  public static let maximumRank = 8

  /// The sizes, outermost first.
  public let dimensions: [Int]

  /// Creates a shape; traps on a negative size, a rank over ``maximumRank`` or more elements than an address
  /// space holds.
  public init(_ dimensions: [Int]) {
    if let problem = Shape.problem(with: dimensions) { trap(problem) }
    self.dimensions = dimensions
  }

  /// Why the sizes are no shape, or nil if they are one.
  package static func problem(with dimensions: [Int]) -> String? {
    guard dimensions.count <= maximumRank else {
      return "a tensor has at most \(maximumRank) dimensions: \(dimensions)"
    }
    var bytes = 8  // of the largest element type
    for size in dimensions {
      guard size >= 0 else { return "a dimension can't be negative: \(dimensions)" }
      // An empty dimension counts as 1: the strides of the others must not overflow either.
      let (product, overflow) = bytes.multipliedReportingOverflow(by: max(1, size))
      guard !overflow else { return "no memory holds so many elements: \(dimensions)" }
      bytes = product
    }
    return nil
  }

  /// Creates a shape from a literal such as `[64, 10]`; traps as ``init(_:)`` does.
  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// The number of dimensions.
  public var rank: Int { dimensions.count }

  /// The number of elements: the product of the sizes, 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }

  /// The size of a dimension; negative indices count from the end, and one that is not there traps.
  public subscript(_ axis: Int) -> Int { dimensions[axis < 0 ? axis + rank : axis] }

  /// For every dimension, how many elements apart its neighbours lie.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return strides
  }

  /// The shape two operands broadcast to by NumPy's rule, or nil where they don't.
  ///
  /// Shapes are aligned at their last dimension; sizes must be equal, or one of them 1 or absent.
  public static func broadcast(_ lhs: Shape, _ rhs: Shape) -> Shape? {
    if lhs.covers(rhs) { return lhs }
    if rhs.covers(lhs) { return rhs }
    let rank = max(lhs.rank, rhs.rank)
    var result = [Int](repeating: 1, count: rank)
    for offset in 1...rank {
      let left = offset <= lhs.rank ? lhs[-offset] : 1
      let right = offset <= rhs.rank ? rhs[-offset] : 1
      guard left == right || left == 1 || right == 1 else { return nil }
      result[rank - offset] = left == 1 ? right : left
    }
    return Shape(result)
  }

  /// Whether `other` broadcasts to this shape: so it does in nearly all operations, and no new one is made.
  private func covers(_ other: Shape) -> Bool {
    let added = rank - other.rank
    guard added >= 0 else { return false }
    return other.dimensions.indices.allSatisfy { axis in
      let size = other.dimensions[axis]
      return size == 1 || size == dimensions[added + axis]
    }
  }

  /// The axes along which `self` was repeated to become `shape`, ascending; the adjoint of broadcasting
  /// sums over them.
  func broadcastAxes(to shape: Shape) -> [Int] {
    let added = shape.rank - rank
    return (0..<shape.rank).filter { axis in
      axis < added || (dimensions[axis - added] == 1 && shape[axis] != 1)
    }
  }

  /// The shape without `axes`.
  func removing(_ axes: [Int]) -> Shape {
    Shape(dimensions.indices.filter { !axes.contains($0) }.map { dimensions[$0] })
  }

  /// The shape with the size of each of `axes` set to 1.
  func keeping(_ axes: [Int]) -> Shape {
    Shape(dimensions.indices.map { axes.contains($0) ? 1 : dimensions[$0] })
  }
}

extension Shape: CustomStringConvertible {
  /// The sizes in brackets, such as `[64, 28, 28, 1]`.
  public var description: String { "\(dimensions)" }
}
