/// Every product and sum of the step rounds once, and so do its attributes; the oracle's result rounds too.
func sgdErrors(_ step: SGDStep, _ inputs: [TensorValue]) -> [[Double]] {
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

/// As for SGD. A root's error is its square's over twice the root; an exact zero has none. What the denominator is
/// wrong by goes into the quotient with the share it has of the denominator.
func adamErrors(_ step: AdamStep, _ inputs: [TensorValue]) -> [[Double]] {
  let (parameters, gradients) = (inputs[0].reals, inputs[1].reals)
  let (means, squares) = (inputs[2].reals, inputs[3].reals)
  var errors: [[Double]] = [[], [], []]
  for index in parameters.indices {
    let slope = gradients[index] + step.coupledDecay * parameters[index]
    let slopeError = 3 * (gradients[index].magnitude + step.coupledDecay * parameters[index].magnitude)
    let mean = means[index] + (1 - step.beta1) * (slope - means[index])
    let meanError =
      3 * means[index].magnitude + (1 - step.beta1)
      * (slopeError + 4 * (slope.magnitude + means[index].magnitude))
    let square = step.beta2 * squares[index] + (1 - step.beta2) * slope * slope
    let squareError =
      4 * step.beta2 * squares[index]
      + (1 - step.beta2) * slope.magnitude * (2 * slopeError + 6 * slope.magnitude)
    let root = square.squareRoot()
    let rootError = root == 0 ? 0 : squareError / (2 * root) + 2 * root
    let denominator = root / step.rootCorrection + step.epsilon
    let denominatorError = rootError / step.rootCorrection + 4 * denominator
    let quotientError = (meanError + mean.magnitude * (denominatorError / denominator + 4)) / denominator
    errors[0].append(4 * parameters[index].magnitude + step.stepSize * quotientError)
    errors[1].append(meanError + 2 * mean.magnitude)
    errors[2].append(squareError + 2 * square)
  }
  return errors
}
