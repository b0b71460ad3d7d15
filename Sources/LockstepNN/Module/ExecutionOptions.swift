import LockstepCore

/// Which algorithm computes convolutions.
public enum ConvolutionChoice: String, Hashable, Sendable, Codable, CaseIterable {
  /// ``ConvolutionAlgorithm/direct`` everywhere.
  case direct
  /// ``ConvolutionAlgorithm/winograd`` wherever the geometry allows it.
  case winograd
  /// Winograd where it is faster and as exact as its use needs, else direct; a function of shapes alone.
  case auto

  /// The algorithm for a convolution of images with a weight `[height, width, inChannels / groups, outChannels]`.
  func algorithm(weight: Shape, _ convolution: Convolution, dtype: DType) -> ConvolutionAlgorithm {
    let geometry = convolution.geometry
    let isPossible =
      weight[0] == 3 && weight[1] == 3 && geometry.stride == 1 && geometry.dilation == 1
      && convolution.groups == 1
    switch self {
    case .direct: return .direct
    case .winograd: return isPossible ? .winograd : .direct
    case .auto:
      // Transforms pay from 16 channels on. In float64 nobody wants less than the exact sums.
      let pays = weight[2] >= 16 && weight[3] >= 16
      return isPossible && pays && dtype == .float32 ? .winograd : .direct
    }
  }
}

/// How a model's layers are computed, where there is a choice. Rounding may differ, nothing else.
public struct ExecutionOptions: Hashable, Sendable {
  /// Whether a convolution and the bias, batch normalisation (in prediction), ReLU and max pool behind it become
  /// one operation.
  public var fusesOperations: Bool
  /// Which algorithm computes convolutions.
  public var convolution: ConvolutionChoice

  /// Creates options; the defaults are the fastest.
  public init(fusesOperations: Bool = true, convolution: ConvolutionChoice = .auto) {
    self.fusesOperations = fusesOperations
    self.convolution = convolution
  }
}
