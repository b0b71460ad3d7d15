import LockstepCore

/// Reductions over axes and positions of extremes.
enum ReductionCases {
  private static let shapes: [(Shape, [[Int]])] = [
    ([], [[]]), ([1], [[0], []]), ([1, 1], [[0], [1], [0, 1]]), ([33], [[0]]),
    ([3, 5], [[], [0], [1], [0, 1]]),
    ([2, 3, 4], [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]),
    ([2, 3, 5, 7], [[1, 3], [0, 2], [0, 1, 2], [1, 2], [3]]), ([0, 3], [[1]]), ([3, 0, 2], [[0, 2]]),
    ([7, 1, 5], [[1], [0, 1]]),
  ]
  /// No elements to reduce, so the neutral element is the result; extremes have none.
  private static let empty: [(Shape, [[Int]])] = [([0], [[0]]), ([0, 3], [[0], [0, 1]]), ([3, 0], [[1]])]
  private static let large: [(Shape, [[Int]])] = [
    ([70_001], [[0]]), ([301, 257], [[0], [1], [0, 1]]), ([3, 5003], [[0], [1]]),
    ([17, 9, 9, 50], [[0, 1, 2], [3], [1, 2]]),
  ]

  static var reduce: [ConformanceCase] {
    Reduction.allCases.flatMap { reduction in
      DType.allCases.filter { Operation.reduce(reduction, axes: []).isReduction(of: $0) }.flatMap { dtype in
        dtype.isFloatingPoint ? reals(reduction, dtype) : integers(reduction, dtype)
      }
    }
  }

  private static func reals(_ reduction: Reduction, _ dtype: DType) -> [ConformanceCase] {
    let isSum = [.sum, .mean, .sumOfSquares].contains(reduction)
    let isLarge = isSum || dtype == .float32
    var cases = table(shapes + (isSum ? empty : []) + (isLarge ? large : [])).map { shape, axes in
      reduced("\(shape) over \(axes)", reduction, shape, axes, dtype, .uniform(-2...2))
    }
    // Only additions that are exact, in whatever order: no tolerance hides a forgotten element.
    if reduction == .sum || reduction == .sumOfSquares {
      cases += table(shapes + (dtype == .float32 ? large : [])).map { shape, axes in
        let input = CaseInput(shape, dtype, .whole(reduction == .sum ? -100...100 : -10...10))
        return ConformanceCase("whole \(shape) over \(axes)", .reduce(reduction, axes: axes), [input], .equal)
      }
    }
    let special: [(String, [Double])] = [
      ("NaN", [1, .nan, 2, .infinity, -.infinity]), ("infinities", [1, .infinity, 2, 3, -.infinity]),
      ("infinity", [1, .infinity, 2, 3, 4]), ("minus infinity only", [-.infinity]), ("zeros", [0, -0.0]),
      ("negative", [-3, -1, -2]),
    ]
    for (name, values) in special {
      cases.append(reduced("\(name) rows", reduction, [7, 5], [1], dtype, .reals(values)))
      cases.append(reduced("\(name) columns", reduction, [5, 7], [0], dtype, .reals(values)))
      cases.append(reduced("\(name) vector", reduction, [35], [0], dtype, .reals(values)))
    }
    return cases
  }

  private static func integers(_ reduction: Reduction, _ dtype: DType) -> [ConformanceCase] {
    // How work is cut into pieces depends on the shape; one integer type shows whether that goes wrong.
    let isLarge = reduction == .sum && dtype == .int32 || reduction == .max && dtype == .uint8
    return table(shapes + (reduction == .sum ? empty : []) + (isLarge ? large : [])).map { shape, axes in
      reduced("\(shape) over \(axes)", reduction, shape, axes, dtype, .extremes(dtype))
    }
  }

  private static func reduced(
    _ name: String, _ reduction: Reduction, _ shape: Shape, _ axes: [Int], _ dtype: DType,
    _ contents: CaseInput.Contents
  ) -> ConformanceCase {
    let terms = axes.reduce(1) { $0 * shape[$1] }
    let isSum = [.sum, .mean, .sumOfSquares].contains(reduction)
    return ConformanceCase(
      name, .reduce(reduction, axes: axes), [CaseInput(shape, dtype, contents)],
      isSum ? .accumulated(terms: terms) : .equal)
  }

  static var argReduce: [ConformanceCase] {
    let shapes: [(Shape, [[Int]])] = [
      ([1], [[0]]), ([33], [[0]]), ([1, 1], [[0], [1]]), ([3, 5], [[0], [1]]), ([2, 3, 4], [[0], [1], [2]]),
      ([0, 3], [[1]]),
    ]
    let large: [(Shape, [[Int]])] = [([70_001], [[0]]), ([700, 100], [[0], [1]])]
    return [Extremum.max, .min].flatMap { extremum in
      DType.allCases.filter(\.isNumeric).flatMap { dtype in
        contents(dtype).flatMap { name, contents in
          table(shapes + (name == "ties" ? large : [])).map { shape, axes in
            ConformanceCase(
              "\(name) \(shape) along \(axes[0])", .argReduce(extremum, axis: axes[0]),
              [CaseInput(shape, dtype, contents)], .equal)
          }
        }
      }
    }
  }

  private static func contents(_ dtype: DType) -> [(String, CaseInput.Contents)] {
    let ties = CaseInput.Contents.whole(0...3)
    guard dtype.isFloatingPoint else { return [("ties", ties), ("extremes", .extremes(dtype))] }
    return [
      ("ties", ties), ("uniform", .uniform(-2...2)), ("NaN", .reals([1, 3, .nan, -5, 7, .nan, 2])),
      ("infinities", .reals([-.infinity, .infinity, 0, .infinity, -.infinity])),
      ("zeros", .reals([0, -0.0])),
    ]
  }

  private static func table(_ shapes: [(Shape, [[Int]])]) -> [(Shape, [Int])] {
    shapes.flatMap { shape, choices in choices.map { (shape, $0) } }
  }
}

extension Operation {
  fileprivate func isReduction(of dtype: DType) -> Bool {
    (try? inferOutputs([TensorSpec([], dtype)])) != nil
  }
}
