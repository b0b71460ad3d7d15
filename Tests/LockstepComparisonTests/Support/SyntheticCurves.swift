import Foundation
import Lockstep

/// Curves made up for a verdict, from a stream of random numbers of their own.
struct SyntheticCurves {
  private var random = RandomStream(seed: 7, purpose: .user)
  var stepCount = 40

  /// A falling loss of a seed.
  func base(seed: UInt64) -> LossCurve {
    var random = RandomStream(seed: seed, purpose: .user, index: 1)
    let losses = (1...stepCount).map { 2 * exp(-0.02 * Double($0)) * exp(0.05 * random.normal()) }
    return LossCurve("base-seed\(seed)", seed: seed, steps: Array(1...stepCount), losses: losses)
  }

  /// A curve whose logarithm differs from another's by so much, at random, from a step on.
  mutating func varied(_ curve: LossCurve, by size: Double, from step: Int = 1, _ name: String = "x")
    -> LossCurve
  {
    var result = curve
    result.label = "\(name)-seed\(curve.seed ?? 0)"
    for index in result.losses.indices where result.steps[index] >= step {
      // Not a normal distribution: no difference is zero or far out.
      let sign = random.next(below: 2) == 0 ? -1.0 : 1
      result.losses[index] *= exp(sign * size * (0.5 + Double(random.uniform())))
    }
    return result
  }

  /// The set of some seeds' base curves.
  func bases(_ count: Int, _ name: String = "A") -> CurveSet {
    try! CurveSet(name, (0..<UInt64(count)).map(base))
  }

  /// A set whose curves differ from another's.
  mutating func varied(_ set: CurveSet, by size: Double, from step: Int = 1, _ name: String = "B") -> CurveSet
  {
    var curves: [LossCurve] = []
    for curve in set.curves { curves.append(varied(curve, by: size, from: step, name)) }
    return try! CurveSet(name, curves)
  }

  /// Twins of a set: so many for each seed.
  mutating func twins(of set: CurveSet, _ count: Int, by size: Double = 1e-7) -> [LossCurve] {
    (0..<count).flatMap { index in varied(set, by: size, "twin\(index)").curves }
  }
}
