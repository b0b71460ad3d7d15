import LockstepTraining

/// Two curves of one seed, at the steps that both have.
struct CurvePair {
  let a: LossCurve
  let b: LossCurve
  /// The steps that both have a loss of, rising.
  let steps: [Int]
  let lossesA: [Double]
  let lossesB: [Double]
  /// What is no difference at each step, where losses were written with few digits.
  let floors: [Double]?

  init(_ a: LossCurve, _ b: LossCurve) {
    self.a = a
    self.b = b
    let (common, losses) = Self.common([a, b])
    steps = common
    lossesA = losses[0]
    lossesB = losses[1]
    let quantum = max(a.quantum, b.quantum)
    floors = quantum == 0 ? nil : lossesA.map { $0 == 0 || !$0.isFinite ? 0 : quantum / abs($0) }
  }

  /// What to call the pair.
  var label: String { (a.seed ?? b.seed).map { "seed \($0)" } ?? "\(a.label), \(b.label)" }

  /// Whether the two are known to be of different seeds.
  var hasTwoSeeds: Bool { a.seed != nil && b.seed != nil && a.seed != b.seed }

  /// The first step whose losses are not the same bits.
  var firstDifferent: Int? { steps.indices.first { !Self.isSame(lossesA[$0], lossesB[$0]) } }

  /// Whether both have the same steps and losses, bit for bit.
  var hasSameLosses: Bool { a.steps == b.steps && firstDifferent == nil }

  /// |ln L_A − ln L_B| at each common step.
  var differences: [Double] { zip(lossesA, lossesB).map(LossDifference.relative) }

  /// Whether final weights are known of both, and the same.
  var hasSameWeights: Bool? {
    guard let first = a.record?.result?.weightsDigest, let second = b.record?.result?.weightsDigest
    else { return nil }
    return first == second
  }

  /// Any NaN is as good as another: its sign and payload differ between processors.
  private static func isSame(_ a: Double, _ b: Double) -> Bool {
    a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
  }

  /// The steps that all curves have, with the losses of each at them.
  static func common(_ curves: [LossCurve]) -> (steps: [Int], losses: [[Double]]) {
    let first = curves[0].steps
    if curves.allSatisfy({ $0.steps == first }) { return (first, curves.map(\.losses)) }
    let sets = curves.dropFirst().map { Set($0.steps) }
    let steps = first.filter { step in sets.allSatisfy { $0.contains(step) } }
    let wanted = Set(steps)
    return (
      steps,
      curves.map { curve in
        zip(curve.steps, curve.losses).filter { wanted.contains($0.0) }.map(\.1)
      }
    )
  }
}

/// How the curves of two sets belong together.
struct Pairing {
  /// The pairs; none where nothing pairs the sets.
  let pairs: [CurvePair]
  /// What the reader must know of it, if anything.
  let note: String?

  /// Pairs by seed where all seeds are known, else by order where there are as many of each.
  init(_ a: CurveSet, _ b: CurveSet) {
    let isSeeded = (a.curves + b.curves).allSatisfy { $0.seed != nil }
    if a.curves.count == 1, b.curves.count == 1 {
      pairs = [CurvePair(a.curves[0], b.curves[0])]
      note = nil
    } else if isSeeded {
      pairs = a.curves.compactMap { curve in b[seed: curve.seed!].map { CurvePair(curve, $0) } }
      let left = a.curves.count + b.curves.count - 2 * pairs.count
      note =
        pairs.isEmpty
        ? "no seed is in both sets: they are compared without pairs, which takes many more seeds"
        : left > 0 ? "\(left) curves have no partner of the same seed and are left out" : nil
    } else if a.curves.count == b.curves.count {
      pairs = zip(a.curves, b.curves).map(CurvePair.init)
      note = "seeds are not known: curves are paired in the order given"
    } else {
      pairs = []
      note = "seeds are not known and the sets are not of one size: they are compared without pairs"
    }
  }
}
