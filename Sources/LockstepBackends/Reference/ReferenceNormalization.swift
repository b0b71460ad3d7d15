import LockstepCore

/// Batch normalisation, channel by channel, as it is defined.
extension ReferenceKernels {
  static func batchNorm(
    _ attributes: BatchNormalization, _ x: ReferenceTensor, scale: ReferenceTensor, offset: ReferenceTensor,
    _ outputs: [TensorSpec]
  ) -> [ReferenceTensor] {
    let (scale, offset) = (scale.reals, offset.reals)
    let columns = columns(of: x)
    let means = columns.map { sum($0) / Double($0.count) }
    let variances = zip(columns, means).map { column, mean in
      sum(column.map { ($0 - mean) * ($0 - mean) }) / Double(column.count)
    }
    let results = columns.indices.map { channel in
      let inverse = 1 / (variances[channel] + attributes.epsilon).squareRoot()
      return columns[channel].map { x in
        rectified((x - means[channel]) * inverse * scale[channel] + offset[channel], attributes)
      }
    }
    return [
      ReferenceTensor(outputs[0], reals: interleaved(results)), ReferenceTensor(outputs[1], reals: means),
      ReferenceTensor(outputs[2], reals: variances),
    ]
  }

  static func batchNormInference(
    _ attributes: BatchNormalization, _ inputs: [ReferenceTensor], _ output: TensorSpec
  ) -> ReferenceTensor {
    let parameters = inputs.dropFirst().map(\.reals)
    let (scale, offset, mean, variance) = (parameters[0], parameters[1], parameters[2], parameters[3])
    let results = columns(of: inputs[0]).enumerated().map { channel, column in
      let inverse = 1 / (variance[channel] + attributes.epsilon).squareRoot()
      return column.map { x in
        rectified((x - mean[channel]) * inverse * scale[channel] + offset[channel], attributes)
      }
    }
    return ReferenceTensor(output, reals: interleaved(results))
  }

  static func batchNormGradient(
    _ attributes: BatchNormalization, _ inputs: [ReferenceTensor], _ outputs: [TensorSpec]
  ) -> [ReferenceTensor] {
    let parameters = inputs.dropFirst(2).map(\.reals)
    let (scale, offset, mean, variance) = (parameters[0], parameters[1], parameters[2], parameters[3])
    let (gradients, columns) = (columns(of: inputs[0]), columns(of: inputs[1]))
    var (dx, dScale, dOffset): ([[Double]], [Double], [Double]) = ([], [], [])
    for channel in columns.indices {
      let inverse = 1 / (variance[channel] + attributes.epsilon).squareRoot()
      let normal = columns[channel].map { ($0 - mean[channel]) * inverse }
      let passed = zip(gradients[channel], normal).map { g, normal in
        attributes.relu && !(normal * scale[channel] + offset[channel] > 0) ? 0 : g
      }
      let total = sum(passed)
      let product = sum(zip(passed, normal).map { $0 * $1 })
      let rows = Double(normal.count)
      dScale.append(product)
      dOffset.append(total)
      dx.append(
        zip(passed, normal).map { g, normal in
          scale[channel] * inverse * (g - total / rows - normal * product / rows)
        })
    }
    return [
      ReferenceTensor(outputs[0], reals: interleaved(dx)), ReferenceTensor(outputs[1], reals: dScale),
      ReferenceTensor(outputs[2], reals: dOffset),
    ]
  }

  private static func rectified(_ y: Double, _ attributes: BatchNormalization) -> Double {
    attributes.relu && y <= 0 ? 0 : y
  }

  /// The numbers of each channel of a tensor [.., channels].
  private static func columns(of x: ReferenceTensor) -> [[Double]] {
    let values = x.reals
    let channels = x.shape[-1]
    return (0..<channels).map { channel in
      stride(from: channel, to: values.count, by: channels).map { values[$0] }
    }
  }

  /// Channels put back in order.
  private static func interleaved(_ columns: [[Double]]) -> [Double] {
    (0..<(columns.first?.count ?? 0)).flatMap { row in columns.map { $0[row] } }
  }
}
