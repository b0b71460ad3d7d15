public import LockstepCore

/// A linear map of vectors with bias and activation: `x · weight + bias`, `[batch, inputs]` to `[batch, units]`.
///
/// It takes vectors alone. Keras's layer of this name takes any rank and maps the last dimension, which hides a
/// forgotten ``Flatten``.
public final class Dense: Layer {
  /// How many numbers an example becomes.
  public let units: Int
  /// Whether a number per unit is added.
  public let usesBias: Bool
  /// What is applied to the sum.
  public let activation: Activation
  /// How the weight starts.
  public let weightInitializer: Initializer

  /// `[inputs, units]`, once built.
  public private(set) var weight: Parameter?
  /// `[units]`, once built, if there is one.
  public private(set) var bias: Parameter?

  /// Creates a layer.
  public init(
    _ units: Int, bias: Bool = true, activation: Activation = .identity,
    weightInitializer: Initializer = .heUniform
  ) {
    self.units = units
    self.usesBias = bias
    self.activation = activation
    self.weightInitializer = weightInitializer
  }

  /// `[inputs]` becomes `[units]`.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    guard units >= 1 else {
      throw misfit("needs at least one unit, not \(units)")
    }
    guard input.rank == 1 else {
      throw misfit("needs vectors [inputs], not \(input); a Flatten before it makes them")
    }
    try requireFit(of: activation, [units])
    weight = parameter(weight, try shape(of: "weight", [input[0], units]), weightInitializer)
    bias = usesBias ? parameter(bias, [units], .zeros) : nil
    return [units]
  }

  /// `[batch, inputs]` becomes `[batch, units]`.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    let y = x.matmul(value(of: weight))
    return activation(usesBias ? y + value(of: bias) : y)
  }

  /// The layer as it would be written.
  public var description: String {
    "Dense(\(units)\(usesBias ? "" : ", bias: false")\(activation == .identity ? "" : ", \(activation)"))"
  }
}
