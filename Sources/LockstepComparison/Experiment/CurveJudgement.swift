/// Two engines' trainings of the same seeds, held against each other.
public struct CurveJudgement: Codable, Hashable, Sendable {
  /// Two trainings of one seed.
  public struct Pair: Codable, Hashable, Sendable {
    /// The seed.
    public var seed: UInt64
    /// Steps that both computed.
    public var stepCount: Int
    /// The first step, from 0, whose losses have different bits; nil if all are equal.
    public var firstDifference: Int?
    /// Whether the weights had the same bits at the last step where both noted them; nil if at none.
    public var hasSameWeights: Bool?

    /// Whether nothing that was looked at differs, and the weights were looked at.
    public var isIdentical: Bool { stepCount > 0 && firstDifference == nil && hasSameWeights == true }
  }

  /// What changes from one engine to the other.
  public enum Role: String, Codable, Sendable {
    /// Nothing: the same twice.
    case repetition
    /// The process.
    case `protocol`
    /// The kernels, and the process.
    case dispatch
    /// The translator.
    case translation
    /// All of it.
    case total
  }

  /// What changes.
  public var role: Role
  /// An engine.
  public var first: String
  /// Another.
  public var second: String
  /// The trainings, by seed.
  public var pairs: [Pair]
  /// The verdict on all of them, and what it rests on; nil where there is no step to compare.
  public var comparison: CurveComparison?

  /// Whether any training has other bits, losses or weights.
  public var isDifferent: Bool {
    pairs.contains { $0.firstDifference != nil || $0.hasSameWeights == false }
  }

  /// Whether all trainings are the same, bit for bit.
  public var isIdentical: Bool { !pairs.isEmpty && pairs.allSatisfy(\.isIdentical) }
}

extension CurveJudgement {
  /// Compares trainings of the same seeds.
  ///
  /// - Parameter twins: other kernels' trainings of these seeds, for a measure of what rounding does.
  init(
    _ role: Role, _ first: EngineCurves, _ second: EngineCurves, twins: [EngineCurves],
    in record: ExperimentRecord
  ) {
    self.role = role
    self.first = first.engine
    self.second = second.engine
    pairs = first.curves.compactMap { own in
      second.curves.first { $0.seed == own.seed }.map { Pair(own, $0) }
    }
    comparison = Self.compare(first, second, twins: twins, pairs.filter { $0.stepCount > 0 }, record)
  }

  private static func compare(
    _ first: EngineCurves, _ second: EngineCurves, twins: [EngineCurves], _ pairs: [Pair],
    _ record: ExperimentRecord
  ) -> CurveComparison? {
    func lossCurves(_ curves: EngineCurves) -> [LossCurve] {
      let backend = record.engines.first { $0.name == curves.engine }?.backend
      return pairs.compactMap { pair in
        let own = curves.curves.first { $0.seed == pair.seed }?.losses.count ?? 0
        let steps = min(pair.stepCount, own)
        return steps == 0 ? nil : curves.lossCurve(seed: pair.seed, steps: steps, record, backend)
      }
    }
    // A seed occurs once in a set, so there is nothing to refuse.
    guard let a = try? CurveSet(first.engine, lossCurves(first)),
      let b = try? CurveSet(second.engine, lossCurves(second))
    else { return nil }
    return CurveComparison(a, b, twins: twins.flatMap(lossCurves))
  }
}

extension CurveJudgement.Pair {
  init(_ first: TrainingCurve, _ second: TrainingCurve) {
    seed = first.seed
    stepCount = min(first.losses.count, second.losses.count)
    firstDifference = first.firstDifference(from: second)
    hasSameWeights = first.lastCommonWeights(second).map { $0 == $1 }
  }
}
