/// How samples are to be normalised, before the images are known.
public enum NormalizationChoice: Hashable, Sendable {
  /// Not at all: samples are in 0…1.
  case none
  /// By what the training images are.
  case measured
  /// By numbers.
  case given(Normalization)

  /// The normalisation for training images; nil for none.
  ///
  /// - Throws: ``DatasetError/changedFile(_:)`` if the images are streamed and a file can't be read any more.
  public func resolved(for train: ImageDataset) throws(DatasetError) -> Normalization? {
    switch self {
    case .none: nil
    case .measured: try Normalization(measuring: train)
    case .given(let normalization): normalization
    }
  }
}

/// How classes are to be weighted in the loss, before the images are known.
public enum ClassWeighting: Hashable, Sendable {
  /// All alike.
  case none
  /// By how few images they have: ``ImageDataset/balancedClassWeights``.
  case balanced
  /// By numbers, in the order of the classes.
  case given([Double])

  /// The weights for training images; nil for none.
  public func resolved(for train: ImageDataset) -> [Double]? {
    switch self {
    case .none: nil
    case .balanced: train.balancedClassWeights
    case .given(let weights): weights
    }
  }
}
