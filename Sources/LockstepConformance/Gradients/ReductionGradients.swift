import LockstepCore

/// Gradients of reductions, softmaxes, losses and matrix products.
enum ReductionGradients {
  static var reduce: [GradientCheck] {
    let shapes: [(Shape, [Int])] = [
      ([], []), ([5], [0]), ([2, 3], []), ([2, 3], [0]), ([2, 3], [1]), ([2, 3], [0, 1]),
      ([2, 3, 2, 2], [0, 2]),
      ([2, 3, 2, 2], [1, 3]), ([1, 3], [0]),
    ]
    return Reduction.allCases.flatMap { reduction in
      shapes.map { shape, axes in
        GradientCheck(
          "\(shape) over \(axes)", .reduce(reduction, axes: axes), [CaseInput(shape, .float64, .distinct)])
      }
    }
  }

  static let softmax = rows.map { GradientCheck("\($0)", .softmax, [.ordinary($0)]) }
  static let logSoftmax = rows.map { GradientCheck("\($0)", .logSoftmax, [.ordinary($0)]) }
  static let softmaxGradient = rows.map {
    GradientCheck("\($0)", .softmaxGradient, [CaseInput($0, .float64, .uniform(0...1)), .ordinary($0)])
  }
  static let logSoftmaxGradient = rows.map {
    GradientCheck("\($0)", .logSoftmaxGradient, [CaseInput($0, .float64, .uniform(-3...0)), .ordinary($0)])
  }
  private static let rows: [Shape] = [[1], [5], [3, 4], [2, 2, 3]]

  static var crossEntropy: [GradientCheck] {
    losses { shape, smoothing in
      GradientCheck(
        "\(shape) smoothing \(smoothing)", .softmaxCrossEntropy(labelSmoothing: smoothing),
        [.ordinary(shape), labels(shape)])
    }
  }

  static var crossEntropyGradient: [GradientCheck] {
    losses { shape, smoothing in
      GradientCheck(
        "\(shape) smoothing \(smoothing)", .softmaxCrossEntropyGradient(labelSmoothing: smoothing),
        [.ordinary(shape), labels(shape), .ordinary([shape[0]])])
    }
  }

  private static func losses(_ make: (Shape, Double) -> GradientCheck) -> [GradientCheck] {
    let shapes: [Shape] = [[1, 1], [3, 4], [4, 3]]
    return shapes.flatMap { shape in [0, 0.1, 1].map { make(shape, $0) } }
  }

  private static func labels(_ logits: Shape) -> CaseInput {
    CaseInput([logits[0]], .int64, .whole(0...(logits[1] - 1)))
  }

  static var matmul: [GradientCheck] {
    let batches: [[Int]] = [[], [2], [1, 2]]
    return batches.flatMap { batch in
      [(false, false), (false, true), (true, false), (true, true)].map { transposeA, transposeB in
        let left = transposeA ? [3, 2] : [2, 3]
        let right = transposeB ? [4, 3] : [3, 4]
        return GradientCheck(
          "\(batch) transposed \(transposeA) \(transposeB)",
          .matmul(Matmul(transposeA: transposeA, transposeB: transposeB)),
          [.ordinary(Shape(batch + left)), .ordinary(Shape(batch + right))])
      }
    }
  }
}
