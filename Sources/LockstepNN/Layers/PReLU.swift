public import LockstepCore

/// x, or slope · x below zero, with a slope that is learnt: one for all, or one for each channel.
/// Source: He et al., ICCV 2015.
public final class PReLU: Layer {
  /// Whether every channel has a slope of its own.
  public let perChannel: Bool
  /// How the slope starts; a quarter, as in PyTorch.
  public let initializer: Initializer

  /// `[channels]` or `[1]`, once built.
  public private(set) var slope: Parameter?

  /// Creates a layer.
  public init(perChannel: Bool = false, initializer: Initializer = .constant(0.25)) {
    self.perChannel = perChannel
    self.initializer = initializer
  }

  /// The shape stays.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    guard !perChannel || input.rank >= 1 else { throw misfit("needs examples [.., channels], not \(input)") }
    slope = parameter(slope, [perChannel ? input[-1] : 1], initializer)
    return input
  }

  /// The function's values.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    .select(x > 0, x, x * value(of: slope))
  }

  /// The layer as it would be written.
  public var description: String { "PReLU\(perChannel ? "(perChannel: true)" : "")" }
}
