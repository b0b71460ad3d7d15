// How exactly batch normalisation can be computed, in units of u.

/// The rows of a tensor [.., channels], by channel.
private struct ChannelValues {
  let channels: Int
  let rows: Int
  private let values: [Double]

  init(_ value: TensorValue) {
    channels = value.spec.shape[-1]
    values = value.reals
    rows = channels == 0 ? 0 : values.count / channels
  }

  /// The numbers of a channel.
  func column(_ channel: Int) -> [Double] {
    (0..<rows).map { values[$0 * channels + channel] }
  }
}

/// Elements by channel, put back in order.
private func interleaved(_ columns: [[Double]]) -> [Double] {
  (0..<(columns.first?.count ?? 0)).flatMap { row in columns.map { $0[row] } }
}

/// The mean is a sum of n terms; the variance is one of squares of deviations, which the mean's error e moves
/// by e². What these two are off changes every y.
func batchNormErrors(_ attributes: BatchNormalization, _ inputs: [TensorValue]) -> [[Double]] {
  let x = ChannelValues(inputs[0])
  let (scale, offset) = (inputs[1].reals, inputs[2].reals)
  let unit = inputs[0].spec.dtype.unitRoundoff
  let additions = Accuracy.accumulationFactor(terms: x.rows) + 2
  var (ys, means, variances): ([[Double]], [Double], [Double]) = ([], [], [])
  for channel in 0..<x.channels {
    let column = x.column(channel)
    let rows = Double(x.rows)
    let mean = column.reduce(0, +) / rows
    let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / rows
    let meanError = additions * column.reduce(0) { $0 + $1.magnitude } / rows
    let varianceError = (additions + 4) * variance + unit * meanError * meanError
    let inverse = 1 / (variance + attributes.epsilon).squareRoot()
    let inverseError = varianceError * inverse * inverse / 2 + 4
    let factor = scale[channel].magnitude * inverse
    means.append(meanError)
    variances.append(varianceError)
    ys.append(
      column.map { x in
        (x - mean).magnitude * factor * (inverseError + 4) + factor * meanError
          + 4 * offset[channel].magnitude
      })
  }
  return [interleaved(ys), means, variances]
}

func batchNormInferenceErrors(_ attributes: BatchNormalization, _ inputs: [TensorValue]) -> [Double] {
  let x = ChannelValues(inputs[0])
  let (scale, offset, mean, variance) = (
    inputs[1].reals, inputs[2].reals, inputs[3].reals, inputs[4].reals
  )
  return interleaved(
    (0..<x.channels).map { channel in
      let inverse = 1 / (variance[channel] + attributes.epsilon).squareRoot()
      return x.column(channel).map { x in
        8 * (x - mean[channel]).magnitude * (scale[channel] * inverse).magnitude
          + 4 * offset[channel].magnitude
      }
    })
}

/// Both sums have n terms. Where y is so near 0 that rounding decides about its sign, the whole upstream
/// gradient may be there or not.
func batchNormGradientErrors(_ attributes: BatchNormalization, _ inputs: [TensorValue]) -> [[Double]] {
  let (g, x) = (ChannelValues(inputs[0]), ChannelValues(inputs[1]))
  let unit = inputs[0].spec.dtype.unitRoundoff
  let additions = Accuracy.accumulationFactor(terms: x.rows) + 4
  let parameters = inputs[2...].map(\.reals)
  var (dx, dScale, dOffset): ([[Double]], [Double], [Double]) = ([], [], [])
  for channel in 0..<x.channels {
    let (scale, offset, mean) = (parameters[0][channel], parameters[1][channel], parameters[2][channel])
    let inverse = 1 / (parameters[3][channel] + attributes.epsilon).squareRoot()
    let factor = (scale * inverse).magnitude
    let deviations = x.column(channel).map { $0 - mean }
    // What an element may be and what rounding may make of it.
    let gradients = zip(g.column(channel), deviations).map { g, deviation in
      let y = deviation * scale * inverse + offset
      let isOpen =
        attributes.relu && y.magnitude <= 8 * unit * (deviation.magnitude * factor + offset.magnitude)
      return (
        magnitude: attributes.relu && y <= 0 && !isOpen ? 0 : g.magnitude,
        doubt: isOpen ? g.magnitude / unit : 0
      )
    }
    let rows = Double(x.rows)
    let sumError = gradients.reduce(0) { $0 + additions * $1.magnitude + $1.doubt }
    let productError = zip(gradients, deviations).reduce(0) {
      $0 + ((additions + 2) * $1.0.magnitude + $1.0.doubt) * $1.1.magnitude
    }
    dOffset.append(sumError)
    dScale.append(productError * inverse)
    dx.append(
      zip(gradients, deviations).map { gradient, deviation in
        factor
          * (8 * gradient.magnitude + gradient.doubt + sumError / rows
            + deviation.magnitude * inverse * inverse * 2 * productError / rows)
      })
  }
  return [interleaved(dx), dScale, dOffset]
}
