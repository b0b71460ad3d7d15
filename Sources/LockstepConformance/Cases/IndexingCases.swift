import LockstepCore

/// Joining tensors, and picking and adding by index.
enum IndexingCases {
  static var concatenate: [ConformanceCase] {
    let joins: [(axis: Int, shapes: [Shape])] = [
      (0, [[2], [3]]), (0, [[1], [1], [1], [1]]), (0, [[0], [3], [0]]), (0, [[2, 3], [1, 3], [4, 3]]),
      (1, [[2, 3], [2, 1]]), (1, [[2, 0], [2, 0]]), (1, [[2, 3, 2], [2, 1, 2], [2, 2, 2], [2, 5, 2]]),
      (3, [[2, 3, 3, 2], [2, 3, 3, 5]]), (0, [[0, 3], [2, 3]]), (1, [[130, 200], [130, 337]]),
    ]
    return joins.flatMap { axis, shapes in
      DType.allCases.map { dtype in
        ConformanceCase(
          "\(shapes) along \(axis)", .concatenate(axis: axis),
          shapes.map { CaseInput($0, dtype, .extremes(dtype)) }, .bits)
      }
    }
  }

  static var gather: [ConformanceCase] {
    let picks: [(shape: Shape, axis: Int, indices: [Int64])] = [
      ([5], 0, [4, 0, 2, 2]), ([5], 0, []), ([1], 0, [0, 0, 0]), ([3, 5], 0, [2, 1]),
      ([3, 5], 1, [4, 4, 0]),
      ([0, 5], 1, [1, 3]), ([3, 0], 0, [2, 0]), ([2, 3, 4], 1, [2, 0, 1, 2, 2]), ([2, 3, 4], 2, [3]),
      ([600, 128], 0, (0..<600).map { ($0 * 7) % 600 }),
    ]
    return picks.flatMap { shape, axis, indices in
      DType.allCases.flatMap { dtype in
        [DType.int32, .int64].map { width in
          ConformanceCase(
            "\(shape) along \(axis) at \(indices.count) \(width)", .gather(axis: axis),
            [CaseInput(shape, dtype, .extremes(dtype)), Self.indices(indices, width)], .bits)
        }
      }
    }
  }

  static var scatterAdd: [ConformanceCase] {
    let sums: [(shape: Shape, axis: Int, size: Int, indices: [Int64])] = [
      ([4], 0, 5, [4, 0, 2, 2]), ([0], 0, 3, []), ([3], 0, 1, [0, 0, 0]), ([2, 5], 0, 3, [2, 1]),
      ([3, 3], 1, 5, [4, 4, 0]), ([0, 2], 1, 4, [1, 3]), ([2, 5, 4], 1, 3, [2, 0, 1, 2, 2]),
      ([2, 3, 1], 2, 4, [3]),
      ([700, 100], 0, 33, (0..<700).map { ($0 * 5) % 33 }),
    ]
    return sums.flatMap { shape, axis, size, indices in
      DType.allCases.filter(\.isNumeric).flatMap { dtype in
        [DType.int32, .int64].flatMap { width in
          added(shape, axis, size, indices, dtype, width)
        }
      }
    }
  }

  private static func added(
    _ shape: Shape, _ axis: Int, _ size: Int, _ indices: [Int64], _ dtype: DType, _ width: DType
  ) -> [ConformanceCase] {
    let operation = Operation.scatterAdd(axis: axis, size: size)
    let name = "\(shape) along \(axis) at \(indices.count) \(width)"
    guard dtype.isFloatingPoint else {
      let input = CaseInput(shape, dtype, .extremes(dtype))
      return [ConformanceCase(name, operation, [input, Self.indices(indices, width)], .equal)]
    }
    return [
      ConformanceCase(
        "whole \(name)", operation,
        [CaseInput(shape, dtype, .whole(-50...50)), Self.indices(indices, width)], .equal),
      ConformanceCase(
        name, operation, [CaseInput(shape, dtype, .uniform(-2...2)), Self.indices(indices, width)],
        .accumulated(terms: indices.count)),
    ]
  }

  private static func indices(_ indices: [Int64], _ dtype: DType) -> CaseInput {
    CaseInput([indices.count], dtype, .integers(indices.isEmpty ? [0] : indices))
  }
}
