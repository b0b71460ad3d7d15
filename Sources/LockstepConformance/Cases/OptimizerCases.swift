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
            .scaled { inputs in errors(step, inputs) })
        }
      }
    }
  }

  /// Every product and sum of the step rounds once, and so do its attributes; the oracle's result rounds too.
  private static func errors(_ step: SGDStep, _ inputs: [TensorValue]) -> [[Double]] {
    let (parameters, gradients, velocities) = (inputs[0].reals, inputs[1].reals, inputs[2].reals)
    var errors: [[Double]] = [[], []]
    for index in parameters.indices {
      let slope = gradients[index].magnitude + step.weightDecay * parameters[index].magnitude
      let velocity = step.momentum * velocities[index].magnitude + slope
      let direction = step.nesterov ? slope + step.momentum * velocity : velocity
      errors[0].append(2 * parameters[index].magnitude + 8 * step.learningRate * direction)
      errors[1].append(4 * velocity)
    }
    return errors
  }
}
