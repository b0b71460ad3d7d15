public import LockstepCore

/// A tensor that a layer keeps, such as a weight that training changes: its shape and initialiser once its layer is
/// built, its value once the model is initialised.
public final class Parameter {
  /// The shape the value has.
  public let shape: Shape
  /// How the first value is made.
  public let initializer: Initializer
  /// Whether an optimizer moves it along its gradient. What it does not move is the layer's own business, such as
  /// the running statistics of ``BatchNorm``.
  public let isTrainable: Bool
  /// Whether it is to stay as it is for now, see ``Module/freeze(_:)``.
  public var isFrozen = false
  private var stored: Tensor?

  /// Creates a parameter without a value.
  public init(_ shape: Shape, _ initializer: Initializer, isTrainable: Bool = true) {
    self.shape = shape
    self.initializer = initializer
    self.isTrainable = isTrainable
  }

  /// Puts a value, or none, in the place of the one there is, which it gives.
  func exchange(_ value: Tensor?) -> Tensor? {
    defer { stored = value }
    return stored
  }

  /// Changes the value where it is, without a second tensor of it meanwhile. Traps as ``value`` does.
  func change(_ body: (inout Tensor) -> Void) {
    trap(
      unless: stored != nil, "a parameter \(shape) has no value yet: call initialize(seed:on:) on the model")
    body(&stored!)
    trap(unless: stored!.shape == shape, "a parameter \(shape) can't take a value of shape \(stored!.shape)")
  }

  /// Whether there is a value.
  public var isInitialized: Bool { stored != nil }

  /// The value. Reading traps before the model is initialised; writing traps on another shape.
  public var value: Tensor {
    get {
      guard let stored else {
        trap("a parameter \(shape) has no value yet: call initialize(seed:on:) on the model")
      }
      return stored
    }
    set {
      guard newValue.shape == shape else {
        trap("a parameter \(shape) can't take a value of shape \(newValue.shape)")
      }
      stored = newValue
    }
  }
}
