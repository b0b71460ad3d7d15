import LockstepCore

/// Group normalisation and its gradient.
enum GroupNormalizationCases {
  private struct Example {
    var name = "ordinary"
    var shape: Shape
    var groups: Int
    var x = CaseInput.Contents.uniform(-2...2)
    var epsilon = 1e-5
  }

  /// Rows and images; groups that lie together in memory, short and long ones, and groups that don't; channels that
  /// fill vectors and that don't; images of several blocks.
  private static let examples =
    ([
      ([1, 1], 1), ([4, 1], 1), ([0, 3], 1), ([3, 0], 2), ([2, 0, 4], 2), ([5, 3], 1), ([6, 4], 2),
      ([7, 70], 1),
      ([3, 1030], 1), ([70, 256], 4), ([2, 3, 4, 6], 1), ([2, 3, 4, 6], 2), ([2, 3, 4, 6], 6),
      ([3, 5, 5, 16], 4),
      ([2, 9, 7, 80], 5), ([1, 40, 31, 8], 2), ([2, 300, 33], 3), ([3, 2000, 1], 1), ([2, 70, 257], 1),
      ([70, 2, 2], 2),
    ] as [(Shape, Int)]).map { Example(shape: $0, groups: $1) } + [
      Example(name: "mean 1000", shape: [3, 50, 6], groups: 2, x: .uniform(999...1001)),
      Example(name: "row of mean 1000", shape: [3, 300], groups: 1, x: .uniform(999...1001)),
      Example(name: "constant", shape: [3, 7, 4], groups: 2, x: .reals([3])),
      Example(name: "ε 0.1", shape: [5, 9], groups: 3, epsilon: 0.1),
      Example(name: "ε 0", shape: [5, 9], groups: 3, epsilon: 0),
      Example(name: "small", shape: [5, 9], groups: 3, x: .uniform(-1e-10...1e-10)),
      Example(name: "large", shape: [5, 9], groups: 3, x: .uniform(-1e10...1e10)),
      Example(name: "NaN", shape: [4, 6], groups: 2, x: .reals([1, 2, -0.5, 1.5, .nan, -2, 0.25])),
      Example(
        name: "infinity", shape: [4, 6], groups: 2, x: .reals([1, 2, -0.5, 1.5, .infinity, -2, 0.25])),
    ]

  static var forward: [ConformanceCase] {
    table { example, attributes, dtype in
      let channels: Shape = [example.shape[-1]]
      return (
        .groupNorm(attributes),
        [
          CaseInput(example.shape, dtype, example.x), CaseInput(channels, dtype, .uniform(-1.5...2)),
          CaseInput(channels, dtype, .uniform(-1...1)),
        ]
      )
    }
  }

  static var gradient: [ConformanceCase] {
    table { example, attributes, dtype in
      let moments: Shape = [example.shape[0], example.groups]
      return (
        .groupNormGradient(attributes),
        [
          CaseInput(example.shape, dtype, .uniform(-2...2)), CaseInput(example.shape, dtype, example.x),
          CaseInput([example.shape[-1]], dtype, .uniform(-1.5...2)),
          CaseInput(moments, dtype, .uniform(-0.5...0.5)), CaseInput(moments, dtype, .uniform(0.5...3)),
        ]
      )
    }
  }

  private static func table(
    _ make: (Example, GroupNormalization, DType) -> (operation: Operation, inputs: [CaseInput])
  ) -> [ConformanceCase] {
    floats.flatMap { dtype in
      examples.map { example in
        let attributes = GroupNormalization(groups: example.groups, epsilon: example.epsilon)
        let (operation, inputs) = make(example, attributes, dtype)
        let name = "\(example.name) \(example.shape) in \(example.groups)"
        return ConformanceCase(name, operation, inputs, .bounded(operation))
      }
    }
  }
}
