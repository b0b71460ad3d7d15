import LockstepCore

/// Softmax cross-entropy and its gradient.
enum LossCases {
  private struct Example {
    var name = "ordinary"
    var shape: Shape
    var logits = CaseInput.Contents.uniform(-5...5)
    var smoothings = [0, 0.1, 1]
  }

  private static let examples = [
    Example(shape: [1, 1]), Example(shape: [0, 3]), Example(shape: [5, 1]), Example(shape: [1, 5]),
    Example(shape: [7, 10]), Example(shape: [13, 33]), Example(shape: [64, 10], smoothings: [0]),
    Example(shape: [701, 100], smoothings: [0.1]),
    Example(name: "large", shape: [7, 5], logits: .uniform(-500...500)),
    Example(name: "certain", shape: [7, 5], logits: .reals([80, -80, 0, 1e-3])),
    Example(name: "equal", shape: [3, 4], logits: .reals([2])),
  ]

  static var crossEntropy: [ConformanceCase] {
    table { example, smoothing, dtype, labels in
      ConformanceCase(
        "\(example.name) \(example.shape) smoothing \(smoothing) \(labels.spec.dtype)",
        .softmaxCrossEntropy(labelSmoothing: smoothing),
        [CaseInput(example.shape, dtype, example.logits), labels],
        .scaled { inputs in [lossErrors(inputs[0], inputs[1], smoothing)] })
    }
  }

  static var crossEntropyGradient: [ConformanceCase] {
    table { example, smoothing, dtype, labels in
      ConformanceCase(
        "\(example.name) \(example.shape) smoothing \(smoothing) \(labels.spec.dtype)",
        .softmaxCrossEntropyGradient(labelSmoothing: smoothing),
        [
          CaseInput(example.shape, dtype, example.logits), labels,
          CaseInput([example.shape[0]], dtype, .uniform(-2...2)),
        ],
        .scaled { inputs in [gradientErrors(inputs[0], inputs[1], inputs[2], smoothing)] })
    }
  }

  private static func table(
    _ make: (Example, _ smoothing: Double, DType, _ labels: CaseInput) -> ConformanceCase
  ) -> [ConformanceCase] {
    examples.flatMap { example in
      example.smoothings.flatMap { smoothing in
        floats.flatMap { dtype in
          [DType.int32, .int64].map { width in
            let labels = CaseInput([example.shape[0]], width, .whole(0...(example.shape[1] - 1)))
            return make(example, smoothing, dtype, labels)
          }
        }
      }
    }
  }

  private static func lossErrors(
    _ logits: TensorValue, _ labels: TensorValue, _ smoothing: Double
  ) -> [Double] {
    zip(SoftmaxRow.rows(logits), labels.integers).map { row, label in
      let share = smoothing / Double(row.logarithms.count)
      let additions = Tolerance.accumulationFactor(terms: row.logarithms.count)
      let others = zip(row.logarithms, row.logarithmErrors).reduce(0) { sum, item in
        sum + item.1 + (additions + 4) * item.0.magnitude
      }
      let own = row.logarithmErrors[Int(label)] + 4 * row.logarithms[Int(label)].magnitude
      return (1 - smoothing) * own + share * others
    }
  }

  /// The target, its difference from the probability and the product round once each, here and in the oracle.
  private static func gradientErrors(
    _ logits: TensorValue, _ labels: TensorValue, _ upstream: TensorValue, _ smoothing: Double
  ) -> [Double] {
    let (labels, upstream) = (labels.integers, upstream.reals)
    return SoftmaxRow.rows(logits).enumerated().flatMap { example, row in
      let classes = Double(row.probabilities.count)
      return row.probabilities.indices.map { index in
        let isLabel = index == Int(labels[example])
        let target = (isLabel ? 1 - smoothing : 0) + smoothing / classes
        let terms = row.probabilityErrors[index] + 6 * (row.probabilities[index] + target)
        return terms * upstream[example].magnitude
      }
    }
  }
}
