public import LockstepCore

/// The sum of what layers give and of their input, which may go through layers of its own: `f(x) + shortcut(x)`,
/// then an activation.
///
/// ```swift
/// Residual(activation: .relu) {
///   Conv2D(32, kernel: 3, stride: 2, padding: .pixels(1), bias: false)
///   BatchNorm(activation: .relu)
///   Conv2D(32, kernel: 3, padding: .pixels(1), bias: false)
///   BatchNorm()
/// } shortcut: {
///   Conv2D(32, kernel: 1, stride: 2, bias: false)
///   BatchNorm()
/// }
/// ```
/// Source: He et al., CVPR 2016.
public final class Residual: Layer {
  /// The layers, first to last.
  public let layers: [any Layer]
  /// What the input goes through before it is added; nothing where there are none.
  public let shortcut: [any Layer]
  /// What is applied to the sum; a ReLU in the same pass over memory.
  public let activation: Activation

  /// Creates a layer of layers in lists.
  public init(_ layers: [any Layer], shortcut: [any Layer] = [], activation: Activation = .identity) {
    self.layers = layers
    self.shortcut = shortcut
    self.activation = activation
  }

  /// Creates a layer of layers written one a line.
  public convenience init(
    activation: Activation = .identity, @LayerBuilder _ layers: () -> [any Layer],
    @LayerBuilder shortcut: () -> [any Layer] = { [] }
  ) {
    self.init(layers(), shortcut: shortcut(), activation: activation)
  }

  /// What the branches take.
  public var takesIndices: Bool { takeIndices([layers, shortcut]) }

  /// The shape that both branches give.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    try requireAgreement(of: [layers, shortcut])
    let output = try shapes(of: layers, "layers", input: input).last ?? input
    let other = try shapes(of: shortcut, "shortcut", input: input).last ?? input
    guard output == other else {
      let added = shortcut.isEmpty ? "the input they are added to is" : "its shortcut gives"
      throw misfit("its layers give \(output), \(added) \(other); they must be the same")
    }
    try requireFit(of: activation, output)
    return output
  }

  /// The sum of both branches.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    let y = context.call(layers, "layers", x)
    let other = context.call(shortcut, "shortcut", x)
    return activation == .relu ? y.addingReLU(other) : activation(y + other)
  }

  /// The layer as it would be written.
  public var description: String {
    var text = "Residual(\(layers.count) layers"
    if !shortcut.isEmpty { text += ", shortcut of \(shortcut.count)" }
    if activation != .identity { text += ", \(activation)" }
    return text + ")"
  }
}
