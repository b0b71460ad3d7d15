import LockstepCore

/// Gradients of convolution and pooling, and of their gradients.
enum WindowGradients {
  // Convolution.

  private struct Convolved {
    var name: String
    var image: Shape
    var weight: Shape
    var stride: Size2D = 1
    var padding = EdgeInsets.zero
    var dilation: Size2D = 1
    var groups = 1

    var attributes: Convolution {
      Convolution(WindowGeometry(stride: stride, padding: padding, dilation: dilation), groups: groups)
    }
    var result: Shape {
      let specs = [TensorSpec(image, .float64), TensorSpec(weight, .float64)]
      guard let result = try? Operation.conv2D(attributes).inferOutputs(specs) else {
        preconditionFailure("the convolution '\(name)' is not well formed")
      }
      return result[0].shape
    }
  }

  private static let convolutions = [
    Convolved(name: "valid", image: [2, 3, 3, 2], weight: [2, 2, 2, 3]),
    Convolved(name: "same", image: [1, 3, 3, 2], weight: [3, 3, 2, 2], padding: .init(all: 1)),
    Convolved(name: "stride 2, unused tail", image: [1, 4, 4, 1], weight: [3, 3, 1, 2], stride: 2),
    Convolved(
      name: "stride 2x1", image: [1, 5, 3, 1], weight: [2, 2, 1, 2], stride: Size2D(height: 2, width: 1)),
    Convolved(
      name: "four paddings", image: [1, 3, 2, 2], weight: [2, 3, 2, 1],
      padding: EdgeInsets(top: 0, bottom: 1, left: 2, right: 3)),
    Convolved(name: "kernel smaller than stride", image: [1, 5, 5, 1], weight: [2, 1, 1, 2], stride: 3),
    Convolved(name: "dilation", image: [1, 5, 4, 1], weight: [3, 2, 1, 2], dilation: 2),
    Convolved(
      name: "stride and dilation", image: [1, 5, 5, 1], weight: [2, 2, 1, 2], stride: 2,
      padding: .init(all: 1), dilation: Size2D(height: 2, width: 1)),
    Convolved(name: "groups", image: [1, 3, 3, 4], weight: [2, 2, 2, 4], groups: 2),
    Convolved(
      name: "depthwise", image: [1, 3, 3, 2], weight: [2, 2, 1, 4], padding: .init(all: 1), groups: 2),
    Convolved(name: "1x1", image: [1, 2, 2, 3], weight: [1, 1, 3, 2]),
    Convolved(name: "batch 0", image: [0, 3, 3, 2], weight: [2, 2, 2, 3]),
  ]

  static let conv2D = convolutions.map {
    GradientCheck($0.name, .conv2D($0.attributes), [.ordinary($0.image), .ordinary($0.weight)])
  }

  static let conv2DInputGradient = convolutions.map {
    GradientCheck(
      $0.name, .conv2DInputGradient($0.attributes, height: $0.image[1], width: $0.image[2]),
      [.ordinary($0.result), .ordinary($0.weight)])
  }

  static let conv2DWeightGradient = convolutions.map {
    GradientCheck(
      $0.name, .conv2DWeightGradient($0.attributes, kernelHeight: $0.weight[0], kernelWidth: $0.weight[1]),
      [.ordinary($0.image), .ordinary($0.result)])
  }

  /// Whole numbers and different fractions of them: no sum is 0, and no two in a window tie.
  static let fusedConv2D = [
    GradientCheck("bias", fused(ReLU: false, nil), fusedOperands()),
    GradientCheck("ReLU", fused(ReLU: true, nil), fusedOperands()),
    GradientCheck("ReLU, without bias", fused(ReLU: true, nil), Array(fusedOperands().prefix(2))),
    GradientCheck("ReLU, pool", fused(ReLU: true, 2), fusedOperands()),
    GradientCheck("pool", fused(ReLU: false, Size2D(height: 2, width: 3)), fusedOperands()),
    GradientCheck("lists", fused(ReLU: true, 2), fusedOperands(channels: 16)),
  ]

  private static func fused(ReLU appliesReLU: Bool, _ poolSize: Size2D?) -> Operation {
    let convolution = Convolution(WindowGeometry(padding: .init(all: 1)))
    return .fusedConv2D(FusedConvolution(convolution, appliesReLU: appliesReLU, poolSize: poolSize))
  }

  private static func fusedOperands(channels: Int = 2) -> [CaseInput] {
    [.ordinary([1, 4, 5, channels]), .ordinary([3, 3, channels, 3]), .ordinary([3])]
  }

  // Pooling.

  private struct Pooled {
    var name: String
    var image: Shape
    var kernel: Size2D
    var stride: Size2D
    var padding = EdgeInsets.zero
    var countsPadding = false

    var attributes: Pooling {
      Pooling(kernel: kernel, WindowGeometry(stride: stride, padding: padding), countsPadding: countsPadding)
    }
    var result: Shape {
      let spec = TensorSpec(image, .float64)
      guard let result = try? Operation.averagePool2D(attributes).inferOutputs([spec]) else {
        preconditionFailure("the pooling '\(name)' is not well formed")
      }
      return result[0].shape
    }
    var positions: CaseInput {
      CaseInput(result, .int32, .positions(attributes, height: image[1], width: image[2]))
    }
  }

  private static let poolings = [
    Pooled(name: "2x2", image: [2, 4, 4, 2], kernel: 2, stride: 2),
    Pooled(name: "unused tail", image: [1, 5, 5, 1], kernel: 2, stride: 2),
    Pooled(name: "overlapping", image: [1, 4, 4, 2], kernel: 3, stride: 1),
    Pooled(name: "padded", image: [1, 4, 4, 1], kernel: 3, stride: 2, padding: .init(all: 1)),
    Pooled(
      name: "padding counted", image: [1, 4, 4, 1], kernel: 3, stride: 2, padding: .init(all: 1),
      countsPadding: true),
    Pooled(
      name: "asymmetric, non-square", image: [1, 3, 5, 1], kernel: Size2D(height: 2, width: 3),
      stride: Size2D(height: 1, width: 2), padding: EdgeInsets(top: 0, bottom: 1, left: 2, right: 0)),
    Pooled(name: "window smaller than stride", image: [1, 5, 5, 1], kernel: 2, stride: 3),
    Pooled(name: "batch 0", image: [0, 4, 4, 2], kernel: 2, stride: 2),
  ]

  /// Distinct elements: where two tie for the maximum there is no gradient.
  static let maxPool2D = poolings.map {
    GradientCheck($0.name, .maxPool2D($0.attributes), [CaseInput($0.image, .float64, .distinct)])
  }

  static let maxPool2DGradient = poolings.map {
    GradientCheck(
      $0.name, .maxPool2DGradient($0.attributes, height: $0.image[1], width: $0.image[2]),
      [.ordinary($0.result), $0.positions])
  }

  static let maxPool2DGather = poolings.map {
    GradientCheck($0.name, .maxPool2DGather($0.attributes), [.ordinary($0.image), $0.positions])
  }

  static let averagePool2D = poolings.map {
    GradientCheck($0.name, .averagePool2D($0.attributes), [.ordinary($0.image)])
  }

  static let averagePool2DGradient = poolings.map {
    GradientCheck(
      $0.name, .averagePool2DGradient($0.attributes, height: $0.image[1], width: $0.image[2]),
      [.ordinary($0.result)])
  }
}
