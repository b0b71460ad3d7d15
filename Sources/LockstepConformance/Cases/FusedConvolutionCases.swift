import LockstepCore

/// Fused convolutions and their gradients.
///
/// Which tap of a window wins is a matter of one rounding where two nearly tie: with a pool, operands are whole
/// numbers, whose sums are exact, or float64.
enum FusedConvolutionCases {
  private struct Example {
    var name: String
    var image: Shape
    var weight: Shape
    var appliesReLU = true
    var poolSize: Size2D?
    var stride: Size2D = 1
    var padding = EdgeInsets(all: 1)
    var dilation: Size2D = 1
    var groups = 1
    var hasBias = true
    var algorithm = ConvolutionAlgorithm.direct

    var attributes: FusedConvolution {
      let geometry = WindowGeometry(stride: stride, padding: padding, dilation: dilation)
      return FusedConvolution(
        Convolution(geometry, groups: groups, algorithm: algorithm), appliesReLU: appliesReLU,
        poolSize: poolSize)
    }
    func result(_ dtype: DType) -> Shape {
      let inputs = [TensorSpec(image, dtype), TensorSpec(weight, dtype)]
      guard let specs = try? Operation.fusedConv2D(attributes).inferOutputs(inputs) else {
        preconditionFailure("the fused convolution '\(name)' is not well formed")
      }
      return specs[0].shape
    }
    func mask(_ dtype: DType) -> CaseInput {
      guard let window = poolSize else { return CaseInput(result(dtype), dtype, .whole(-1...2)) }
      let taps = (0..<window.height * window.width).map { Int64($0) }
      return CaseInput(result(dtype), .uint8, .integers(taps + [255] + taps.reversed()))
    }
  }

  private static let examples = [
    Example(name: "bias", image: [2, 5, 5, 3], weight: [3, 3, 3, 4], appliesReLU: false),
    Example(name: "ReLU", image: [2, 5, 5, 3], weight: [3, 3, 3, 4]),
    Example(name: "ReLU without bias", image: [2, 5, 5, 3], weight: [3, 3, 3, 4], hasBias: false),
    Example(name: "ReLU, stride 2", image: [2, 7, 6, 3], weight: [3, 3, 3, 20], stride: 2),
    Example(name: "ReLU, groups 2", image: [2, 5, 5, 4], weight: [3, 3, 2, 6], groups: 2),
    Example(name: "ReLU, depthwise", image: [2, 5, 5, 19], weight: [3, 3, 1, 19], groups: 19),
    Example(
      name: "pool of 2x3 without ReLU", image: [2, 6, 9, 3], weight: [3, 3, 3, 4], appliesReLU: false,
      poolSize: Size2D(height: 2, width: 3)),
    Example(name: "pool, one channel in", image: [3, 8, 8, 1], weight: [3, 3, 1, 32], poolSize: 2),
    Example(name: "pool with a tail", image: [2, 7, 9, 5], weight: [3, 3, 5, 7], poolSize: 2),
    Example(name: "pool of 1x1", image: [2, 4, 4, 2], weight: [1, 1, 2, 3], poolSize: 1, padding: .zero),
    Example(
      name: "pool, dilation 2, stride 2", image: [2, 11, 11, 3], weight: [3, 3, 3, 4], poolSize: 2, stride: 2,
      padding: .init(all: 2), dilation: 2),
    Example(name: "pool, 16 channels", image: [2, 6, 6, 16], weight: [3, 3, 16, 5], poolSize: 2),
    Example(
      name: "pool, 5x5, 48 channels", image: [1, 8, 9, 48], weight: [5, 5, 48, 3], poolSize: 2,
      padding: .init(all: 2)),
    Example(
      name: "pool, 112 channels, four paddings", image: [1, 5, 6, 112], weight: [3, 3, 112, 9], poolSize: 2,
      padding: EdgeInsets(top: 0, bottom: 2, left: 2, right: 1)),
    Example(name: "pool, many images", image: [35, 6, 6, 32], weight: [3, 3, 32, 17], poolSize: 2),
    Example(
      name: "pool of 3x2, Winograd", image: [3, 8, 7, 17], weight: [3, 3, 17, 20],
      poolSize: Size2D(height: 3, width: 2), algorithm: .winograd),
    Example(
      name: "pool of 2x2, Winograd", image: [3, 9, 9, 16], weight: [3, 3, 16, 32], poolSize: 2,
      algorithm: .winograd),
    Example(name: "pool, batch 0", image: [0, 6, 6, 16], weight: [3, 3, 16, 5], poolSize: 2),
  ]

  static var forward: [ConformanceCase] {
    cases { example, dtype, contents in
      var inputs = [
        CaseInput(example.image, dtype, contents), CaseInput(example.weight, dtype, contents),
      ]
      if example.hasBias { inputs.append(CaseInput([example.weight[3]], dtype, contents)) }
      return (.fusedConv2D(example.attributes), inputs)
    }
  }

  static var inputGradient: [ConformanceCase] {
    cases { example, dtype, contents in
      let operation = Operation.fusedConv2DInputGradient(
        example.attributes, height: example.image[1], width: example.image[2])
      let inputs = [
        CaseInput(example.result(dtype), dtype, contents), CaseInput(example.weight, dtype, contents),
        example.mask(dtype),
      ]
      return isMasked(example) ? (operation, inputs) : nil
    }
  }

  static var weightGradient: [ConformanceCase] {
    cases { example, dtype, contents in
      let operation = Operation.fusedConv2DWeightGradient(
        example.attributes, kernelHeight: example.weight[0], kernelWidth: example.weight[1])
      let inputs = [
        CaseInput(example.image, dtype, contents), CaseInput(example.result(dtype), dtype, contents),
        example.mask(dtype),
      ]
      return isMasked(example) ? (operation, inputs) : nil
    }
  }

  private static func isMasked(_ example: Example) -> Bool {
    example.appliesReLU || example.poolSize != nil
  }

  private static func cases(
    _ make: (Example, DType, CaseInput.Contents) -> (Operation, [CaseInput])?
  ) -> [ConformanceCase] {
    examples.flatMap { example in
      floats.flatMap { dtype -> [ConformanceCase] in
        guard let (operation, whole) = make(example, dtype, .whole(-4...4)),
          let (_, real) = make(example, dtype, .uniform(-2...2))
        else { return [] }
        let exact = ConformanceCase("whole \(example.name)", operation, whole, .equal)
        let specs = real.map {
          TensorValue($0.spec, integers: [Int64](repeating: 0, count: $0.spec.shape.count))
        }
        let accuracy = operation.accuracy(inputs: specs, outputs: exact.outputSpecs)
        let rounded = ConformanceCase(example.name, operation, real, Tolerance(accuracy, of: operation))
        return dtype == .float32 && example.poolSize != nil ? [exact] : [exact, rounded]
      }
    }
  }
}
