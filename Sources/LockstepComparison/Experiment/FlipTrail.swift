/// What becomes of the loss when, for the first time, a unit decides otherwise with other kernels.
public struct FlipTrail: Codable, Hashable, Sendable {
  /// Steps after a flip within which the difference is expected to jump.
  package static let window = 15

  /// The seed.
  public var seed: UInt64
  /// Steps that were computed.
  public var stepCount: Int
  /// The first flip: what kind of unit, and where; nil if there was none in these steps.
  public var flip: String?
  /// The largest |Δ ln loss| of the steps before the flip's, or of all if there was none.
  public var before: Double
  /// The largest from the flip's step on, within fifteen steps; nil without a flip.
  public var after: Double?
}
