import LockstepCore

/// Steps of optimizers.
enum OptimizerCases {
  private static let steps = [
    SGDStep(learningRate: 0.1), SGDStep(learningRate: 0.1, weightDecay: 0.01),
    SGDStep(learningRate: 0.05, momentum: 0.9), SGDStep(learningRate: 0.05, momentum: 0.9, nesterov: true),
    SGDStep(learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4, nesterov: true),
    SGDStep(learningRate: 0, momentum: 0.5),
  ]

  private static let adamSteps = [
    AdamStep(learningRate: 0.1, step: 1), AdamStep(learningRate: 0.1, weightDecay: 0.01, step: 2),
    AdamStep(learningRate: 0.1, weightDecay: 0.01, decouplesWeightDecay: true, step: 3),
    AdamStep(learningRate: 0.01, beta1: 0.5, beta2: 0.75, epsilon: 0.5, step: 1000),
    AdamStep(learningRate: 0.01, beta1: 0, beta2: 0.9, step: 7), AdamStep(learningRate: 0, step: 1),
  ]

  private static let shapes: [Shape] = [[], [0], [1, 1], [33], [3, 3, 5, 7], [70_001]]

  static var sgd: [ConformanceCase] {
    floats.flatMap { dtype in
      shapes.flatMap { shape in
        steps.enumerated().map { index, step in
          ConformanceCase(
            "step \(index) \(shape)", .sgd(step),
            [CaseInput](repeating: CaseInput(shape, dtype, .uniform(-2...2)), count: 3),
            .bounded(.sgd(step)))
        }
      }
    }
  }

  static var adam: [ConformanceCase] {
    floats.flatMap { dtype in
      shapes.flatMap { shape in
        adamSteps.enumerated().map { index, step in
          let signed = CaseInput(shape, dtype, .uniform(-2...2))
          return ConformanceCase(
            "step \(index) \(shape)", .adam(step),
            [signed, signed, signed, CaseInput(shape, dtype, .uniform(0...2))], .bounded(.adam(step)))
        }
      }
    }
  }
}
