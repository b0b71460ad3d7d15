public import LockstepCore

/// Every image's channels in groups, each moved to mean 0 and variance 1 over all pixels, then scaled and offset
/// channel by channel by what is learnt. As many groups as channels is instance normalisation.
///
/// Source: Wu and He, "Group Normalization", ECCV 2018; conventions and defaults are PyTorch's.
public final class GroupNorm: Layer {
  /// Into how many groups of neighbouring channels an example is cut.
  public let groups: Int
  /// What is added to a variance before its root divides.
  public let epsilon: Double
  /// Whether scale and offset are learnt (PyTorch's `affine`), or 1 and 0.
  public let isAffine: Bool

  /// `[channels]`, once built, if there is one; ones at first.
  public private(set) var scale: Parameter?
  /// `[channels]`, once built, if there is one; zeros at first.
  public private(set) var offset: Parameter?

  /// Creates a layer.
  public init(_ groups: Int, epsilon: Double = 1e-5, affine: Bool = true) {
    self.groups = groups
    self.epsilon = epsilon
    self.isAffine = affine
  }

  /// The shape stays.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    try requireEpsilon(epsilon)
    guard input.rank >= 1, input.rank < Shape.maximumRank else {
      throw misfit("needs examples [.., channels], not \(input)")
    }
    guard groups >= 1, input[-1] % groups == 0, input.count >= 1 else {
      throw misfit("\(input[-1]) channels can't be cut into \(groups) groups")
    }
    scale = isAffine ? parameter(scale, [input[-1]], .ones) : nil
    offset = isAffine ? parameter(offset, [input[-1]], .zeros) : nil
    return input
  }

  /// The shape stays.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    guard x.rank >= 2 else {
      trap("\(description) needs [batch, .., channels], not \(x.shape)")
    }
    return normalized(x, groups: groups, epsilon, scale.map { value(of: $0) }, offset.map { value(of: $0) })
  }

  /// The layer as it would be written.
  public var description: String { normDescription("GroupNorm", ["\(groups)"], epsilon, isAffine) }
}
