import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Softmax over the last axis, its logarithm, and their gradients.
enum SoftmaxCases {
  private static let shapes: [Shape] = [
    [1], [5], [1, 1], [3, 5], [2, 3, 4], [0, 5], [3, 0], [7, 1], [13, 33], [701, 100],
  ]

  static var softmax: [ConformanceCase] {
    forward(.softmax, .scaled { inputs in [SoftmaxRow.rows(inputs[0]).flatMap(\.probabilityErrors)] })
  }

  static var logSoftmax: [ConformanceCase] {
    forward(.logSoftmax, .scaled { inputs in [SoftmaxRow.rows(inputs[0]).flatMap(\.logarithmErrors)] })
  }

  private static func forward(_ operation: Operation, _ tolerance: Tolerance) -> [ConformanceCase] {
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
    gradient(
      .softmaxGradient, outputs: .uniform(0...1),
      .scaled { inputs in
        let bounds = zip(SoftmaxRow.slices(inputs[0]), SoftmaxRow.slices(inputs[1])).flatMap { y, g in
          let products = zip(y, g).reduce(0) { $0 + ($1.0 * $1.1).magnitude }
          let sumError = (Tolerance.accumulationFactor(terms: y.count) + 2) * products
          return zip(y, g).map { $0.magnitude * (3 * $1.magnitude + sumError) }
        }
        return [bounds]
      })
  }

  static var logSoftmaxGradient: [ConformanceCase] {
    gradient(
      .logSoftmaxGradient, outputs: .uniform(-9 ... -0.01),
      .scaled { inputs in
        let bounds = zip(SoftmaxRow.slices(inputs[0]), SoftmaxRow.slices(inputs[1])).flatMap { y, g in
          let total = g.reduce(0) { $0 + $1.magnitude }
          let sumError = (Tolerance.accumulationFactor(terms: y.count) + 12) * total
          return zip(y, g).map { 2 * $1.magnitude + exp($0) * sumError }
        }
        return [bounds]
      })
  }

  private static func gradient(
    _ operation: Operation, outputs: CaseInput.Contents, _ tolerance: Tolerance
  ) -> [ConformanceCase] {
    floats.flatMap { dtype in
      shapes.map { shape in
        let inputs = [CaseInput(shape, dtype, outputs), CaseInput(shape, dtype, .uniform(-2...2))]
        return ConformanceCase("\(shape)", operation, inputs, tolerance)
      }
    }
  }
}

/// The types gradients flow through.
let floats: [DType] = [.float32, .float64]
