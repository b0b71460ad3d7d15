import LockstepCore

/// Steps of optimizers.
extension ReferenceKernels {
  static func sgd(
    _ step: SGDStep, parameter: ReferenceTensor, gradient: ReferenceTensor, velocity: ReferenceTensor,
    _ outputs: [TensorSpec]
  ) -> [ReferenceTensor] {
    var parameters = parameter.reals
    var velocities = velocity.reals
    for (index, gradient) in gradient.reals.enumerated() {
      let slope = gradient + step.weightDecay * parameters[index]
      velocities[index] = step.momentum * velocities[index] + slope
      let direction = step.nesterov ? slope + step.momentum * velocities[index] : velocities[index]
      parameters[index] -= step.learningRate * direction
    }
    return [
      ReferenceTensor(outputs[0], reals: parameters), ReferenceTensor(outputs[1], reals: velocities),
    ]
  }
}
