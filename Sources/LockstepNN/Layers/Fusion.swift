import LockstepCore

/// Neighbouring layers that one operation computes: a convolution, in prediction a batch normalisation, a ReLU,
/// a max pool whose windows lie side by side. All but the convolution may be missing.
struct FusedLayers {
  private let convolution: any ConvolutionLayer
  private var normalization: BatchNorm?
  private var activation: Activation
  private var pool: Size2D?
  /// How many layers these are.
  private(set) var count = 1

  /// The layers at the beginning of a list; nil if they don't begin with a convolution.
  init?(_ layers: ArraySlice<any Layer>, input: Shape, isTraining: Bool) {
    guard let convolution = layers.first as? any ConvolutionLayer else { return nil }
    self.convolution = convolution
    activation = convolution.activation
    var rest = layers.dropFirst()
    if !isTraining, activation == .identity, let normalization = rest.first as? BatchNorm {
      self.normalization = normalization
      activation = normalization.activation
      rest = rest.dropFirst()
    }
    if activation == .identity, let layer = rest.first as? ActivationLayer {
      activation = layer.activation
      rest = rest.dropFirst()
    }
    // Another function would have to be applied before the pool.
    if activation == .identity || activation == .relu, let layer = rest.first as? MaxPool2D,
      let image = convolution.outputSize(for: input), let pool = layer.fusibleWindow(for: image)
    {
      self.pool = pool
      rest = rest.dropFirst()
    }
    count = layers.count - rest.count
  }

  /// Whether a backend computes them as one operation; one that was written without it gets them one by one.
  static func isSupported(by backend: any Backend, _ dtype: DType) -> Bool {
    backend.supports(.fusedConv2D(FusedConvolution(Convolution(), appliesReLU: true)), dtype)
  }

  /// The results for a batch of images.
  func callAsFunction(_ x: Tensor, _ options: ExecutionOptions) -> Tensor {
    var (weight, bias) = convolution.operands(for: x)
    if let normalization { (weight, bias) = normalization.folded(into: weight, bias) }
    let attributes = FusedConvolution(
      convolution.attributes(x, weight, options), appliesReLU: activation == .relu, poolSize: pool)
    let result: Tensor
    if bias == nil, !attributes.appliesReLU, pool == nil {
      result = x.conv2D(weight, attributes.convolution)
    } else {
      result = x.fusedConv2D(weight, bias: bias, attributes)
    }
    return attributes.appliesReLU ? result : activation(result)
  }
}

extension BatchNorm {
  /// Weight and bias of a convolution that gives what this makes of the convolution's results, in prediction.
  fileprivate func folded(into weight: Tensor, _ bias: Tensor?) -> (weight: Tensor, bias: Tensor?) {
    let (mean, variance) = (value(of: runningMean), value(of: runningVariance))
    let factor = value(of: scale) * (variance + epsilon).rsqrt()
    let centre = bias.map { $0 - mean } ?? -mean
    return (weight * factor, centre * factor + value(of: offset))
  }
}
