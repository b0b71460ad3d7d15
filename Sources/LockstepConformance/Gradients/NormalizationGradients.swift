import LockstepCore

/// Gradients of batch normalisation, and of its gradient.
enum NormalizationGradients {
  private static let shapes: [Shape] = [[2, 1], [5, 3], [2, 2, 3, 2]]

  static var training: [GradientCheck] {
    table { shape, attributes in (.batchNorm(attributes), [.ordinary(shape)] + parameters(shape)) }
  }

  static var inference: [GradientCheck] {
    table { shape, attributes in
      (.batchNormInference(attributes), [.ordinary(shape)] + parameters(shape) + moments(shape))
    }
  }

  static var gradient: [GradientCheck] {
    table { shape, attributes in
      let inputs: [CaseInput] = [.ordinary(shape), .ordinary(shape)]
      return (.batchNormGradient(attributes), inputs + parameters(shape) + moments(shape))
    }
  }

  static var groups: [GradientCheck] {
    let examples: [(shape: Shape, groups: Int)] = [
      ([2, 3], 1), ([3, 4], 2), ([2, 2, 3, 4], 2), ([2, 3, 2], 2),
    ]
    return examples.map { shape, groups in
      let operation = Operation.groupNorm(GroupNormalization(groups: groups, epsilon: 0.01))
      return GradientCheck("\(shape) in \(groups)", operation, [.ordinary(shape)] + parameters(shape))
    }
  }

  private static func parameters(_ shape: Shape) -> [CaseInput] {
    [
      CaseInput([shape[-1]], .float64, .uniform(-1.5...2)),
      CaseInput([shape[-1]], .float64, .uniform(-1...1)),
    ]
  }

  private static func moments(_ shape: Shape) -> [CaseInput] {
    [
      CaseInput([shape[-1]], .float64, .uniform(-0.5...0.5)),
      CaseInput([shape[-1]], .float64, .uniform(0.5...3)),
    ]
  }

  private static func table(
    _ make: (Shape, BatchNormalization) -> (operation: Operation, inputs: [CaseInput])
  ) -> [GradientCheck] {
    shapes.flatMap { shape in
      [false, true].map { relu in
        let (operation, inputs) = make(shape, BatchNormalization(epsilon: 0.01, relu: relu))
        return GradientCheck("\(shape)\(relu ? " ReLU" : "")", operation, inputs)
      }
    }
  }
}
