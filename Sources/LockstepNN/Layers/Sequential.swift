public import LockstepCore

/// Layers applied one after the other.
///
/// ```swift
/// let model = Sequential {
///   Conv2D(32, kernel: 3, padding: .same, activation: .relu)
///   MaxPool2D(2)
///   Flatten()
///   Dense(10)
/// }
/// ```
public final class Sequential: Layer {
  /// The layers, first to last.
  public let layers: [any Layer]

  /// Creates a model of layers in a list.
  public init(_ layers: [any Layer]) { self.layers = layers }

  /// Creates a model of layers written one a line.
  public convenience init(@LayerBuilder _ layers: () -> [any Layer]) { self.init(layers()) }

  /// What the first layer takes.
  public var takesIndices: Bool { layers.first?.takesIndices ?? false }

  /// Builds the layers, each for what the one before it gives; the shape is that of the last.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    try shapes(input: input).last ?? input
  }

  /// Builds the layers and gives the shape behind each.
  func shapes(input: Shape) throws(ModelError) -> [Shape] {
    try shapes(of: layers, "layers", input: input)
  }

  /// The last layer's results.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    context.call(layers, "layers", x)
  }

  /// The layer as it would be written.
  public var description: String { "Sequential(\(layers.count) layers)" }
}

/// Collects the layers written in ``Sequential/init(_:)-(()->[Layer])``.
@resultBuilder
public enum LayerBuilder {
  /// A layer.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  /// A list of layers.
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  /// One after the other.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
  /// `if` without `else`.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  /// `if`.
  public static func buildEither(first: [any Layer]) -> [any Layer] { first }
  /// `else`.
  public static func buildEither(second: [any Layer]) -> [any Layer] { second }
  /// `for`.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
}
