import LockstepCore

/// Which algorithm computes convolutions.
public enum ConvolutionChoice: String, Hashable, Sendable, Codable, CaseIterable {
  /// ``/LockstepCore/ConvolutionAlgorithm/direct`` everywhere.
  case direct
  /// ``/LockstepCore/ConvolutionAlgorithm/winograd`` wherever the geometry allows it.
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
      // Measured (Zen 4): 16 to 16 channels 1.5 times as fast as direct, 32 to 64 1.7, 128 to 256 and 256 to 256
      // twice, 384 to 384 between 0.9 and 2, 512 to 512 half: a weight of 16 planes has to come from a cache again
      // for each band. In float64 nobody wants more rounding than there must be.
      let pays = weight[2] >= 16 && weight[3] >= 16 && weight[2] * weight[3] <= 256 * 256
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
