import LockstepCore

/// Pooling and its gradients, over the same geometries.
enum PoolingCases {
  private struct Example {
    var name: String
    var batch = 2
    var image: Size2D
    var kernel: Size2D
    var stride: Size2D
    var padding = EdgeInsets.zero
    var channels = 3

    func pooling(countsPadding: Bool = false) -> Pooling {
      Pooling(kernel: kernel, WindowGeometry(stride: stride, padding: padding), countsPadding: countsPadding)
    }
    var imageShape: Shape { [batch, image.height, image.width, channels] }
    var resultShape: Shape {
      let spec = TensorSpec(imageShape, .float32)
      guard let result = try? Operation.averagePool2D(pooling()).inferOutputs([spec]) else {
        preconditionFailure("the pooling '\(name)' is not well formed")
      }
      return result[0].shape
    }
  }

  private static let examples = [
    Example(name: "2x2", image: Size2D(height: 4, width: 6), kernel: 2, stride: 2),
    Example(name: "2x2 unused tail", image: 7, kernel: 2, stride: 2),
    Example(name: "3x3 stride 2 padded", image: 7, kernel: 3, stride: 2, padding: .init(all: 1)),
    Example(
      name: "3x3 stride 2 asymmetric", image: 6, kernel: 3, stride: 2,
      padding: EdgeInsets(top: 0, bottom: 1, left: 0, right: 1)),
    Example(name: "overlapping", image: 5, kernel: 3, stride: 1),
    Example(name: "overlapping same", image: 5, kernel: 3, stride: 1, padding: .init(all: 1)),
    Example(
      name: "non-square", image: Size2D(height: 5, width: 13), kernel: Size2D(height: 2, width: 5),
      stride: Size2D(height: 1, width: 3)),
    Example(name: "window smaller than stride", image: 7, kernel: 2, stride: 3),
    Example(
      name: "global", image: Size2D(height: 5, width: 7), kernel: Size2D(height: 5, width: 7), stride: 1),
    Example(name: "1x1", batch: 1, image: 1, kernel: 1, stride: 1, channels: 1),
    Example(name: "batch 0", batch: 0, image: 4, kernel: 2, stride: 2),
    Example(
      name: "four paddings", image: 5, kernel: 3, stride: 2,
      padding: EdgeInsets(top: 0, bottom: 1, left: 2, right: 1)),
    Example(name: "batch 17, 33 channels", batch: 17, image: 8, kernel: 2, stride: 2, channels: 33),
  ]

  static var max: [ConformanceCase] {
    let contents: [(String, CaseInput.Contents)] = [
      ("distinct", .distinct), ("ties", .whole(0...2)), ("negative", .uniform(-3 ... -1)),
      ("NaN", .reals([1, .nan, 0, 3, .nan, 2, -1, 7, 8, 5, 4])),
      ("infinities", .reals([-.infinity, 1, -.infinity, -.infinity, .infinity, -.infinity, -.infinity])),
      ("minus infinity only", .reals([-.infinity])),
    ]
    return floats.flatMap { dtype in
      examples.flatMap { example in
        contents.map { name, contents in
          ConformanceCase(
            "\(example.name), \(name)", .maxPool2D(example.pooling()),
            [CaseInput(example.imageShape, dtype, contents)], .equal)
        }
      }
    }
  }

  static var maxGradient: [ConformanceCase] {
    floats.flatMap { dtype in
      examples.flatMap { example in
        let operation = Operation.maxPool2DGradient(
          example.pooling(), height: example.image.height, width: example.image.width)
        let positions = positions(of: example)
        let windows = example.kernel.height * example.kernel.width
        return [
          ConformanceCase(
            "whole \(example.name)", operation,
            [CaseInput(example.resultShape, dtype, .whole(-9...9)), positions], .equal),
          ConformanceCase(
            example.name, operation, [CaseInput(example.resultShape, dtype, .uniform(-2...2)), positions],
            .accumulated(terms: windows)),
        ]
      }
    }
  }

  static var maxGather: [ConformanceCase] {
    floats.flatMap { dtype in
      examples.map { example in
        ConformanceCase(
          example.name, .maxPool2DGather(example.pooling()),
          [CaseInput(example.imageShape, dtype, .special(dtype)), positions(of: example)], .bits)
      }
    }
  }

  static var average: [ConformanceCase] {
    averaged { example, pooling in (.averagePool2D(pooling), example.imageShape) }
  }

  static var averageGradient: [ConformanceCase] {
    averaged { example, pooling in
      let (height, width) = (example.image.height, example.image.width)
      return (.averagePool2DGradient(pooling, height: height, width: width), example.resultShape)
    }
  }

  private static func averaged(
    _ make: (Example, Pooling) -> (operation: Operation, shape: Shape)
  ) -> [ConformanceCase] {
    floats.flatMap { dtype in
      examples.flatMap { example in
        [false, true].map { countsPadding in
          let (operation, shape) = make(example, example.pooling(countsPadding: countsPadding))
          return ConformanceCase(
            "\(example.name)\(countsPadding ? ", padding counted" : "")", operation,
            [CaseInput(shape, dtype, .uniform(-2...2))],
            .accumulated(terms: example.kernel.height * example.kernel.width))
        }
      }
    }
  }

  private static func positions(of example: Example) -> CaseInput {
    let contents = CaseInput.Contents.positions(
      example.pooling(), height: example.image.height, width: example.image.width)
    return CaseInput(example.resultShape, .int32, contents)
  }
}
