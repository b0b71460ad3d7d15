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
      let operation = Operation.softmaxCrossEntropy(labelSmoothing: smoothing)
      return ConformanceCase(
        "\(example.name) \(example.shape) smoothing \(smoothing) \(labels.spec.dtype)", operation,
        [CaseInput(example.shape, dtype, example.logits), labels], .bounded(operation))
    }
  }

  static var crossEntropyGradient: [ConformanceCase] {
    table { example, smoothing, dtype, labels in
      let operation = Operation.softmaxCrossEntropyGradient(labelSmoothing: smoothing)
      return ConformanceCase(
        "\(example.name) \(example.shape) smoothing \(smoothing) \(labels.spec.dtype)", operation,
        [
          CaseInput(example.shape, dtype, example.logits), labels,
          CaseInput([example.shape[0]], dtype, .uniform(-2...2)),
        ],
        .bounded(operation))
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
}
