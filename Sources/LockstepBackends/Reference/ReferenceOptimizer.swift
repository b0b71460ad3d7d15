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

  static func adam(
    _ step: AdamStep, _ inputs: [ReferenceTensor], _ outputs: [TensorSpec]
  ) -> [ReferenceTensor] {
    var (parameters, means, squares) = (inputs[0].reals, inputs[2].reals, inputs[3].reals)
    for (index, gradient) in inputs[1].reals.enumerated() {
      let slope = gradient + step.coupledDecay * parameters[index]
      means[index] += (1 - step.beta1) * (slope - means[index])
      squares[index] = step.beta2 * squares[index] + (1 - step.beta2) * slope * slope
      let denominator = squares[index].squareRoot() / step.rootCorrection + step.epsilon
      parameters[index] = step.shrinkage * parameters[index] - step.stepSize * (means[index] / denominator)
    }
    return zip(outputs, [parameters, means, squares]).map { ReferenceTensor($0, reals: $1) }
  }
}
