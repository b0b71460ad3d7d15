import LockstepCore

/// Softmax over the last axis, its logarithm, and their gradients.
enum SoftmaxCases {
  private static let shapes: [Shape] = [
    [1], [5], [1, 1], [3, 5], [2, 3, 4], [0, 5], [3, 0], [7, 1], [13, 33], [701, 100],
  ]

  static var softmax: [ConformanceCase] { forward(.softmax) }

  static var logSoftmax: [ConformanceCase] { forward(.logSoftmax) }

  private static func forward(_ operation: Operation) -> [ConformanceCase] {
    let tolerance = Tolerance.bounded(operation)
    let special: [(String, CaseInput.Contents)] = [
      ("large", .uniform(-1000...1000)), ("equal", .reals([3])),
      ("offset 1e6", .reals([1e6, 1e6 + 1, 1e6 - 2])),
      ("minus infinity", .reals([1, -.infinity, 2, 0.5, -1])),
      ("infinity", .reals([1, .infinity, 2, 0.5, -1])),
      ("NaN", .reals([1, 2, .nan, 0.5, -1])), ("huge", .reals([-1e30, 1e30, 0, 1e30, 7])),
    ]
    return floats.flatMap { dtype in
      shapes.map { ConformanceCase("\($0)", operation, [CaseInput($0, dtype, .uniform(-6...6))], tolerance) }
        + special.map { ConformanceCase($0, operation, [CaseInput([13, 5], dtype, $1)], tolerance) }
    }
  }

  static var softmaxGradient: [ConformanceCase] {
    gradient(.softmaxGradient, outputs: .uniform(0...1))
  }

  static var logSoftmaxGradient: [ConformanceCase] {
    gradient(.logSoftmaxGradient, outputs: .uniform(-9 ... -0.01))
  }

  private static func gradient(
    _ operation: Operation, outputs: CaseInput.Contents
  ) -> [ConformanceCase] {
    floats.flatMap { dtype in
      shapes.map { shape in
        let inputs = [CaseInput(shape, dtype, outputs), CaseInput(shape, dtype, .uniform(-2...2))]
        return ConformanceCase("\(shape)", operation, inputs, .bounded(operation))
      }
    }
  }
}

/// The types gradients flow through.
let floats: [DType] = [.float32, .float64]
