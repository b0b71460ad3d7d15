import LockstepCore

/// Functions of each element, of pairs of elements, and the choice between two.
enum ElementwiseCases {
  // Functions of one element.

  static var unary: [ConformanceCase] {
    UnaryFunction.allCases.flatMap { function in
      DType.allCases.filter { function.supports($0) }.flatMap { dtype in
        dtype.isFloatingPoint ? reals(function, dtype) : integers(function, dtype)
      }
    }
  }

  private static func reals(_ function: UnaryFunction, _ dtype: DType) -> [ConformanceCase] {
    let domain = CaseInput.Contents.uniform(function.ordinaryDomain)
    let wide = CaseInput.Contents.uniform(function.wideDomain)
    let count = dtype == .float32 ? 70_001 : 1001
    let inputs: [(String, Shape, CaseInput.Contents)] = [
      ("scalar", [], domain), ("empty", [0, 3], domain), ("1x1", [1, 1], domain),
      ("3x5x7", [3, 5, 7], domain),
      ("special", [33], .special(dtype)), ("wide", [513], wide), ("\(count)", [count], domain),
    ]
    return inputs.map { name, shape, contents in
      ConformanceCase(name, .unary(function), [CaseInput(shape, dtype, contents)], function.tolerance)
    }
  }

  private static func integers(_ function: UnaryFunction, _ dtype: DType) -> [ConformanceCase] {
    let inputs: [(String, Shape, CaseInput.Contents)] = [
      ("scalar", [], .ordinary(dtype)), ("empty", [0, 3], .ordinary(dtype)),
      ("1x1", [1, 1], .ordinary(dtype)),
      ("extremes", [13], .extremes(dtype)), ("70001", [70_001], .extremes(dtype)),
    ]
    return inputs.map { name, shape, contents in
      ConformanceCase(name, .unary(function), [CaseInput(shape, dtype, contents)], .equal)
    }
  }

  // Functions of two elements.

  static var binary: [ConformanceCase] {
    BinaryFunction.allCases.flatMap { function in
      DType.allCases.filter { function.supports($0) }.flatMap { dtype in
        let shapes = broadcasts + (isCutUp(function, dtype) ? large : [])
        return shapes.map { pair(function, dtype, $0, $1) } + [extremes(function, dtype)]
      }
    }
  }

  private static let broadcasts: [(Shape, Shape)] = [
    ([], []), ([1, 1], [1, 1]), ([33], [33]), ([3, 5, 7], [3, 5, 7]), ([0, 3], [3]), ([0], [1]), ([1], [0]),
    ([], [5]), ([5], []), ([3, 1], [1, 4]), ([1, 4], [3, 1]), ([5], [2, 5]), ([2, 5], [5]),
    ([2, 1, 3], [4, 1]),
    ([2, 3, 3, 5], [5]), ([2, 3, 3, 5], [2, 1, 1, 5]), ([130, 77], [77]), ([77], [130, 77]),
    ([130, 77], [130, 1]),
    ([13_001], [13_001]), ([13_001], []),
  ]

  /// Enough elements to be shared out among threads.
  private static let large: [(Shape, Shape)] = [
    ([70_001], [70_001]), ([70_001], []), ([700, 101], [101]), ([700, 1], [700, 101]),
    ([17, 64, 1, 5], [64, 13, 1]),
  ]

  /// A slow function, one with a bool result, and one of integers show how work is cut; the others are cut
  /// alike.
  private static func isCutUp(_ function: BinaryFunction, _ dtype: DType) -> Bool {
    switch (function, dtype) {
    case (.add, .float32), (.add, .int32), (.less, .float32), (.power, .float32), (.reluGradient, .float64):
      true
    default: false
    }
  }

  private static func pair(
    _ function: BinaryFunction, _ dtype: DType, _ lhs: Shape, _ rhs: Shape
  ) -> ConformanceCase {
    let (left, right) = function.ordinaryOperands(dtype)
    return ConformanceCase(
      "\(lhs) with \(rhs)", .binary(function), [CaseInput(lhs, dtype, left), CaseInput(rhs, dtype, right)],
      function.tolerance)
  }

  /// Every awkward element with every other; outputs of tanh and sigmoid are never awkward.
  private static func extremes(_ function: BinaryFunction, _ dtype: DType) -> ConformanceCase {
    let isGradient = function == .tanhGradient || function == .sigmoidGradient
    let left = isGradient ? function.ordinaryOperands(dtype).left : .extremes(dtype)
    return ConformanceCase(
      "extremes", .binary(function),
      [CaseInput([31, 1], dtype, left), CaseInput([1, 31], dtype, .extremes(dtype))], function.tolerance)
  }

  // The choice between two.

  static var select: [ConformanceCase] {
    let shapes: [(Shape, Shape, Shape)] = [
      ([], [], []), ([1, 1], [1, 1], [1, 1]), ([33], [33], [33]), ([0, 3], [0, 3], [3]),
      ([3, 1], [1, 4], []),
      ([4], [3, 1], [3, 4]), ([], [2, 3], [3]), ([2, 3, 1, 1], [3, 4, 1], [5]), ([13_001], [13_001], []),
      ([70_001], [70_001], []),
    ]
    return shapes.flatMap { condition, onTrue, onFalse in
      DType.allCases.map { dtype in
        ConformanceCase(
          "\(condition) of \(onTrue) and \(onFalse) \(dtype)", .select,
          [
            CaseInput(condition, .bool, .whole(0...1)), CaseInput(onTrue, dtype, .extremes(dtype)),
            CaseInput(onFalse, dtype, .ordinary(dtype)),
          ], .bits)
      }
    }
  }
}
