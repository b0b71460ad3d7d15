import LockstepCore

/// Convolution and its two gradients, over the same geometries.
///
/// On whole numbers every sum is exact in any order, so a wrong index can't hide behind a tolerance; on real
/// numbers the rounding is held to its bound.
enum ConvolutionCases {
  private struct Example {
    var name: String
    var batch = 2
    var image: Size2D
    var kernel: Size2D
    var channels: (input: Int, output: Int)
    var stride: Size2D = 1
    var padding = EdgeInsets.zero
    var dilation: Size2D = 1
    var groups = 1
    var isLarge = false
    var algorithm = ConvolutionAlgorithm.direct

    var operation: Convolution {
      Convolution(
        WindowGeometry(stride: stride, padding: padding, dilation: dilation), groups: groups,
        algorithm: algorithm)
    }
    var imageShape: Shape { [batch, image.height, image.width, channels.input] }
    var weightShape: Shape { [kernel.height, kernel.width, channels.input / groups, channels.output] }
    func resultShape(_ dtype: DType) -> Shape {
      let specs = [TensorSpec(imageShape, dtype), TensorSpec(weightShape, dtype)]
      guard let result = try? Operation.conv2D(operation).inferOutputs(specs) else {
        preconditionFailure("the convolution '\(name)' is not well formed")
      }
      return result[0].shape
    }
  }

  private static let same3 = EdgeInsets(top: 1, bottom: 1, left: 1, right: 1)

  private static let examples = [
    Example(name: "3x3 valid", image: 5, kernel: 3, channels: (3, 4)),
    Example(name: "3x3 same", image: 5, kernel: 3, channels: (3, 4), padding: same3),
    Example(name: "1x1", image: Size2D(height: 3, width: 4), kernel: 1, channels: (5, 3)),
    Example(name: "1x1 image", batch: 1, image: 1, kernel: 3, channels: (1, 1), padding: same3),
    Example(name: "all ones", batch: 1, image: 1, kernel: 1, channels: (1, 1)),
    Example(name: "batch 0", batch: 0, image: 5, kernel: 3, channels: (3, 4)),
    Example(name: "one channel in", image: 7, kernel: 3, channels: (1, 13), padding: same3),
    Example(name: "one channel out", image: 7, kernel: 3, channels: (13, 1), padding: same3),
    Example(name: "stride 2", image: 7, kernel: 3, channels: (3, 5), stride: 2),
    Example(name: "stride 2 same odd", image: 7, kernel: 3, channels: (3, 5), stride: 2, padding: same3),
    Example(
      name: "stride 2 same even", image: 6, kernel: 3, channels: (3, 5), stride: 2,
      padding: EdgeInsets(top: 0, bottom: 1, left: 0, right: 1)),
    Example(name: "stride 2 unused tail", image: 8, kernel: 3, channels: (2, 3), stride: 2),
    Example(
      name: "stride 2x1", image: 7, kernel: 3, channels: (2, 3), stride: Size2D(height: 2, width: 1)),
    Example(
      name: "even kernel same", image: 5, kernel: 2, channels: (3, 4),
      padding: EdgeInsets(top: 0, bottom: 1, left: 0, right: 1)),
    Example(
      name: "four paddings", image: 5, kernel: 3, channels: (2, 3),
      padding: EdgeInsets(top: 0, bottom: 1, left: 2, right: 3)),
    Example(
      name: "non-square", image: Size2D(height: 5, width: 13), kernel: Size2D(height: 2, width: 5),
      channels: (3, 7)),
    Example(name: "kernel larger than image", image: 2, kernel: 5, channels: (2, 3), padding: .init(all: 2)),
    Example(name: "kernel smaller than stride", image: 7, kernel: 2, channels: (2, 3), stride: 3),
    Example(name: "1x1 stride 2", image: 7, kernel: 1, channels: (4, 6), stride: 2),
    Example(name: "dilation 2", image: 7, kernel: 3, channels: (3, 4), dilation: 2),
    Example(
      name: "dilation 2x1 padded", image: 7, kernel: 3, channels: (3, 4),
      padding: EdgeInsets(top: 2, bottom: 2, left: 1, right: 1), dilation: Size2D(height: 2, width: 1)),
    Example(
      name: "dilation 2 stride 2", image: 9, kernel: 3, channels: (3, 4), stride: 2, padding: .init(all: 2),
      dilation: 2),
    Example(name: "groups 2", image: 5, kernel: 3, channels: (4, 6), padding: same3, groups: 2),
    Example(
      name: "groups 2 stride 2 dilation 2", image: 9, kernel: 3, channels: (4, 6), stride: 2,
      padding: .init(all: 2), dilation: 2, groups: 2),
    Example(name: "depthwise", image: 7, kernel: 3, channels: (5, 5), padding: same3, groups: 5),
    Example(
      name: "depthwise stride 2 multiplier 2", image: 7, kernel: 3, channels: (3, 6), stride: 2,
      padding: same3, groups: 3),
    Example(name: "17 to 19 channels", image: 5, kernel: 3, channels: (17, 19), padding: same3),
    Example(name: "padding wider than kernel", image: 3, kernel: 2, channels: (2, 3), padding: .init(all: 3)),
    Example(
      name: "batch 17, 1 to 16", batch: 17, image: 8, kernel: 3, channels: (1, 16), padding: same3,
      isLarge: true),
    Example(
      name: "batch 17, 8 to 33", batch: 17, image: Size2D(height: 9, width: 7), kernel: 3, channels: (8, 33),
      padding: same3, isLarge: true),
    Example(
      name: "batch 3, 32 to 64", batch: 3, image: Size2D(height: 5, width: 14), kernel: 3, channels: (32, 64),
      padding: same3, isLarge: true),
    Example(
      name: "wide rows", batch: 3, image: Size2D(height: 3, width: 67), kernel: 3, channels: (3, 16),
      padding: same3, isLarge: true),
    Example(
      name: "Winograd", image: 6, kernel: 3, channels: (3, 4), padding: same3, algorithm: .winograd),
    Example(
      name: "Winograd, odd, valid", batch: 3, image: Size2D(height: 7, width: 5), kernel: 3,
      channels: (17, 33),
      algorithm: .winograd),
    Example(
      name: "Winograd, four paddings", image: Size2D(height: 4, width: 9), kernel: 3, channels: (16, 16),
      padding: EdgeInsets(top: 0, bottom: 1, left: 2, right: 3), algorithm: .winograd),
    Example(
      name: "Winograd where there is none", image: 7, kernel: 3, channels: (3, 5), stride: 2,
      algorithm: .winograd),
    Example(
      name: "7x7 stride 2", batch: 5, image: 17, kernel: 7, channels: (3, 8), stride: 2,
      padding: .init(all: 3)),
  ]

  static var forward: [ConformanceCase] {
    table { example, _ in
      let (kernel, inputs) = (example.kernel, example.channels.input / example.groups)
      return Table(
        operation: .conv2D(example.operation), shapes: [example.imageShape, example.weightShape],
        terms: kernel.height * kernel.width * inputs)
    }
  }

  static var inputGradient: [ConformanceCase] {
    table { example, dtype in
      let (kernel, outputs) = (example.kernel, example.channels.output / example.groups)
      return Table(
        operation: .conv2DInputGradient(
          example.operation, height: example.image.height, width: example.image.width),
        shapes: [example.resultShape(dtype), example.weightShape],
        terms: kernel.height * kernel.width * outputs)
    }
  }

  static var weightGradient: [ConformanceCase] {
    table { example, dtype in
      let result = example.resultShape(dtype)
      return Table(
        operation: .conv2DWeightGradient(
          example.operation, kernelHeight: example.kernel.height, kernelWidth: example.kernel.width),
        shapes: [example.imageShape, result], terms: result[0] * result[1] * result[2])
    }
  }

  private struct Table {
    var operation: Operation
    var shapes: [Shape]
    var terms: Int

    /// Winograd's algorithm has a bound of its own.
    func tolerance(_ dtype: DType) -> Tolerance {
      let zeros = shapes.map { shape in
        TensorValue(TensorSpec(shape, dtype), integers: [Int64](repeating: 0, count: shape.count))
      }
      let isBounded = operation.accuracy(inputs: zeros, outputs: []) == .bounded
      return isBounded ? .bounded(operation) : .accumulated(terms: terms)
    }
  }

  private static func table(_ make: (Example, DType) -> Table) -> [ConformanceCase] {
    examples.flatMap { example in
      floats.flatMap { dtype in
        let table = make(example, dtype)
        let whole = ConformanceCase(
          "whole \(example.name)", table.operation, table.shapes.map { CaseInput($0, dtype, .whole(-5...5)) },
          .equal)
        let real = ConformanceCase(
          example.name, table.operation, table.shapes.map { CaseInput($0, dtype, .uniform(-2...2)) },
          table.tolerance(dtype))
        // Large ones are slow in debug builds: exact in float32, rounded in float64.
        return example.isLarge ? [dtype == .float32 ? whole : real] : [whole, real]
      }
    }
  }
}

extension EdgeInsets {
  init(all width: Int) { self.init(top: width, bottom: width, left: width, right: width) }
}
