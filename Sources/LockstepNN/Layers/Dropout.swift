public import LockstepCore

/// In training, a random share of the elements set to zero and the others scaled up, so that the expected
/// value stays; in prediction, nothing. Source: Srivastava et al., JMLR 15 (2014).
///
/// The mask is a pure function of seed, step and the layer's path, made on the host: the same on every backend.
public final class Dropout: Layer {
  /// The share of elements set to zero, 0 ≤ rate < 1.
  public let rate: Double

  /// Creates a layer that sets so large a share of the elements to zero.
  public init(_ rate: Double) { self.rate = rate }

  /// The shape stays.
  @discardableResult
  public func build(input: Shape) throws(ModelError) -> Shape {
    guard (0..<1).contains(rate) else {
      throw misfit("the rate must be at least 0 and less than 1, not \(rate)")
    }
    return input
  }

  /// The input with some elements zero in training, and the input itself in prediction.
  public func callAsFunction(_ x: Tensor, _ context: ForwardContext) -> Tensor {
    guard context.isTraining, rate > 0 else { return x }
    var stream = context.randomStream(.dropout)
    let scale = 1 / (1 - rate)
    // An element survives if its 32 random bits are no smaller than rate · 2³².
    let threshold = UInt32(rate * 0x1p32)
    func mask<Element: TensorElement & BinaryFloatingPoint>(_ type: Element.Type) -> Tensor {
      let scale = Element(scale)
      let values = (0..<x.count).map { _ in stream.next() >= threshold ? scale : 0 }
      return Tensor(values, shape: x.shape, on: x.device)
    }
    return x * (x.dtype == .float64 ? mask(Double.self) : mask(Float.self))
  }

  /// The layer as it would be written.
  public var description: String { "Dropout(\(rate))" }
}
