/// The curves of trainings that differ in nothing but the seed.
public struct CurveSet: Hashable, Sendable {
  /// What the set is called.
  public let name: String
  /// The curves, by rising seed where seeds are known.
  public let curves: [LossCurve]

  /// Creates a set.
  ///
  /// - Throws: ``CurveError`` if there is no curve, if two have one seed, or if runs of ours differ in more than
  ///   the seed.
  public init(_ name: String, _ curves: [LossCurve]) throws(CurveError) {
    guard let first = curves.first else { throw CurveError("\(name) has no curves") }
    var bySeed: [UInt64: LossCurve] = [:]
    for curve in curves {
      if let seed = curve.seed {
        if let other = bySeed.updateValue(curve, forKey: seed) {
          throw CurveError(
            "\(other.label) and \(curve.label) both have seed \(seed): name them apart to compare them")
        }
      }
      // What a run's seed decides is not known of curves from elsewhere.
      if let difference = ConfigurationDifference.deciding(first, curve, besidesSeed: true).first {
        throw CurveError(
          "\(first.label) and \(curve.label) differ in \(difference.key) (\(difference.a), \(difference.b)): "
            + "runs of one set may differ in the seed alone")
      }
    }
    self.name = name
    self.curves =
      bySeed.count == curves.count ? curves.sorted { $0.seed ?? 0 < $1.seed ?? 0 } : curves
  }

  /// The steps that all curves have, with the losses of each curve at them.
  public var common: (steps: [Int], losses: [[Double]]) { CurvePair.common(curves) }

  /// The curve of a seed.
  public subscript(seed seed: UInt64) -> LossCurve? { curves.first { $0.seed == seed } }
}
