import LockstepCore

/// Batch normalisation in training, its gradient, and with given moments; each with and without a ReLU.
enum NormalizationCases {
  private struct Example {
    var name = "ordinary"
    var shape: Shape
    var x = CaseInput.Contents.uniform(-2...2)
    var epsilon = 1e-5

    var channels: Int { shape[-1] }
  }

  /// Shapes with one channel and with few, so that rows are read as one; with many, so that a tile is not full;
  /// with so many rows that there are several blocks and shards, the last of them short.
  private static let examples =
    ([
      [1, 1], [1, 3], [0, 3], [3, 0], [7, 1], [2, 2], [5, 3], [65, 16], [13, 64], [33, 17], [4, 3, 3, 5],
      [2, 5, 5, 70], [40, 257], [3, 1030], [9001, 3], [4, 30, 31, 16],
    ] as [Shape]).map { Example(shape: $0) } + [
      Example(name: "mean 1000", shape: [300, 5], x: .uniform(999...1001)),
      Example(name: "constant", shape: [77, 3], x: .reals([3])),
      Example(name: "ε 0.1", shape: [77, 3], epsilon: 0.1),
      Example(name: "ε 0", shape: [77, 3], epsilon: 0),
      Example(name: "small", shape: [77, 3], x: .uniform(-1e-10...1e-10)),
      Example(name: "large", shape: [77, 3], x: .uniform(-1e10...1e10)),
      Example(name: "NaN", shape: [11, 3], x: .reals([1, 2, -0.5, 1.5, .nan, -2, 0.25])),
      Example(name: "infinity", shape: [11, 3], x: .reals([1, 2, -0.5, 1.5, .infinity, -2, 0.25])),
    ]

  static var training: [ConformanceCase] {
    table { example, attributes, dtype in
      (.batchNorm(attributes), [CaseInput(example.shape, dtype, example.x)] + parameters(example, dtype))
    }
  }

  static var inference: [ConformanceCase] {
    table { example, attributes, dtype in
      let inputs = [CaseInput(example.shape, dtype, example.x)]
      return (.batchNormInference(attributes), inputs + parameters(example, dtype) + moments(example, dtype))
    }
  }

  static var gradient: [ConformanceCase] {
    table { example, attributes, dtype in
      let inputs = [
        CaseInput(example.shape, dtype, .uniform(-2...2)), CaseInput(example.shape, dtype, example.x),
      ]
      return (.batchNormGradient(attributes), inputs + parameters(example, dtype) + moments(example, dtype))
    }
  }

  /// Scale and offset.
  private static func parameters(_ example: Example, _ dtype: DType) -> [CaseInput] {
    [
      CaseInput([example.channels], dtype, .uniform(-1.5...2)),
      CaseInput([example.channels], dtype, .uniform(-1...1)),
    ]
  }

  /// Mean and variance.
  private static func moments(_ example: Example, _ dtype: DType) -> [CaseInput] {
    [
      CaseInput([example.channels], dtype, .uniform(-0.5...0.5)),
      CaseInput([example.channels], dtype, .uniform(0.5...3)),
    ]
  }

  private static func table(
    _ make: (Example, BatchNormalization, DType) -> (operation: Operation, inputs: [CaseInput])
  ) -> [ConformanceCase] {
    floats.flatMap { dtype in
      examples.flatMap { example in
        [false, true].map { relu in
          let attributes = BatchNormalization(epsilon: example.epsilon, relu: relu)
          let (operation, inputs) = make(example, attributes, dtype)
          return ConformanceCase(
            "\(example.name) \(example.shape)\(relu ? ", ReLU" : "")", operation, inputs, .bounded(operation))
        }
      }
    }
  }
}
