import LockstepCore

/// Steps of optimizers.
enum OptimizerCases {
  private static let steps = [
    SGDStep(learningRate: 0.1), SGDStep(learningRate: 0.1, weightDecay: 0.01),
    SGDStep(learningRate: 0.05, momentum: 0.9), SGDStep(learningRate: 0.05, momentum: 0.9, nesterov: true),
    SGDStep(learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4, nesterov: true),
    SGDStep(learningRate: 0, momentum: 0.5),
  ]

  static var sgd: [ConformanceCase] {
    let shapes: [Shape] = [[], [0], [1, 1], [33], [3, 3, 5, 7], [70_001]]
    return floats.flatMap { dtype in
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
}
