import LockstepCore

extension OperationBenchmark {
  /// A convolution of square images with square kernels, in its three directions: `forward`, `dx` (the gradient
  /// at its input), `dw` (at its weight). `s2` is a stride of 2.
  struct ConvolutionCase {
    let name: String
    let batch: Int
    let size: Int
    let channels: (inputs: Int, outputs: Int)
    var kernel = 3
    var stride = 1
    var groups = 1

    private var input: Shape { [batch, size, size, channels.inputs] }
    private var weight: Shape { [kernel, kernel, channels.inputs / groups, channels.outputs] }
    private var outputSize: Int { size / stride }
    private var output: Shape { [batch, outputSize, outputSize, channels.outputs] }

    /// As much padding as gives the output its size.
    private var convolution: Convolution {
      let total = max(0, (outputSize - 1) * stride + kernel - size)
      let (before, after) = (total / 2, total - total / 2)
      let padding = EdgeInsets(top: before, bottom: after, left: before, right: after)
      let steps = Size2D(height: stride, width: stride)
      return Convolution(WindowGeometry(stride: steps, padding: padding), groups: groups)
    }

    var forward: OperationBenchmark {
      OperationBenchmark("\(name)-forward", .conv2D(convolution), [Input(input), Input(weight)])
    }

    var inputGradient: OperationBenchmark {
      OperationBenchmark(
        "\(name)-dx", .conv2DInputGradient(convolution, height: size, width: size),
        [Input(output), Input(weight)])
    }

    var weightGradient: OperationBenchmark {
      OperationBenchmark(
        "\(name)-dw",
        .conv2DWeightGradient(convolution, kernelHeight: kernel, kernelWidth: kernel),
        [Input(input), Input(output)])
    }

    /// The convolution with its bias, ReLU and a max pool of 2×2 behind it, as one operation. Its gradients
    /// come back through the pool: three quarters of the convolution's are zeros.
    var fused: [OperationBenchmark] {
      let name = "fused-\(name.dropFirst("conv-".count))"
      let fused = FusedConvolution(convolution, appliesReLU: true, poolSize: 2)
      let inputs = [Input(input), Input(weight), Input([channels.outputs])]
      let pooled: Shape = [batch, outputSize / 2, outputSize / 2, channels.outputs]
      let taps = Input(pooled, .uint8, .result(of: .fusedConv2D(fused), inputs.map(\.spec), output: 1))
      return [
        OperationBenchmark("\(name)-forward", .fusedConv2D(fused), inputs),
        OperationBenchmark(
          "\(name)-dx", .fusedConv2DInputGradient(fused, height: size, width: size),
          [Input(pooled), Input(weight), taps]),
        OperationBenchmark(
          "\(name)-dw",
          .fusedConv2DWeightGradient(fused, kernelHeight: kernel, kernelWidth: kernel),
          [Input(input), Input(pooled), taps]),
      ]
    }

    var directions: [OperationBenchmark] { [forward, inputGradient, weightGradient] }
  }

  /// Every convolution of W1 and of ResNet-8 (Banbury et al., MLPerf Tiny, 2021), and a depthwise one of
  /// MobileNet's kind. Nothing flows back to images, so the first layers of nets have no input gradient.
  static var convolutions: [OperationBenchmark] {
    let batch = 64
    let first = [
      ConvolutionCase(name: "conv-w1-28x28-1-32", batch: batch, size: 28, channels: (1, 32)),
      ConvolutionCase(name: "conv-resnet-32x32-3-16", batch: batch, size: 32, channels: (3, 16)),
    ]
    let others = [
      ConvolutionCase(name: "conv-w1-14x14-32-64", batch: batch, size: 14, channels: (32, 64)),
      ConvolutionCase(name: "conv-resnet-32x32-16-16", batch: batch, size: 32, channels: (16, 16)),
      ConvolutionCase(
        name: "conv-resnet-32x32-16-32-s2", batch: batch, size: 32, channels: (16, 32), stride: 2),
      ConvolutionCase(
        name: "conv-resnet-1x1-16-32-s2", batch: batch, size: 32, channels: (16, 32), kernel: 1,
        stride: 2),
      ConvolutionCase(name: "conv-resnet-16x16-32-32", batch: batch, size: 16, channels: (32, 32)),
      ConvolutionCase(
        name: "conv-resnet-16x16-32-64-s2", batch: batch, size: 16, channels: (32, 64), stride: 2),
      ConvolutionCase(
        name: "conv-resnet-1x1-32-64-s2", batch: batch, size: 16, channels: (32, 64), kernel: 1,
        stride: 2),
      ConvolutionCase(name: "conv-resnet-8x8-64-64", batch: batch, size: 8, channels: (64, 64)),
      ConvolutionCase(
        name: "conv-depthwise-56x56-64", batch: 8, size: 56, channels: (64, 64), groups: 64),
    ]
    // All directions of the first one, too: its input gradient is what an adversarial example takes.
    return first[0].directions + [first[1].forward, first[1].weightGradient]
      + others.flatMap(\.directions) + first[0].fused + others[0].fused
  }
}
