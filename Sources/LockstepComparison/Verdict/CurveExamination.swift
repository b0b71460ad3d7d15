import LockstepCore
import LockstepTraining

/// Asks S0–S5 of two sets of curves, and judges.
struct CurveExamination {
  let a: CurveSet
  let b: CurveSet
  let pairs: [CurvePair]
  let pairing: Pairing
  let twins: Twins
  let partings: [Parting]
  let growthTest: GrowthTest?
  let growthBound: GrowthBound?

  init(_ a: CurveSet, _ b: CurveSet, twins: [LossCurve]) {
    self.a = a
    self.b = b
    pairing = Pairing(a, b)
    pairs = pairing.pairs
    self.twins = Twins(twins, of: pairs)
    partings = pairs.map { Parting($0) }
    let hasSteps = pairs.allSatisfy { !$0.steps.isEmpty }
    growthTest = hasSteps ? Self.growthTest(pairs, self.twins) : nil
    growthBound = hasSteps && !pairs.isEmpty && growthTest == nil ? GrowthBound(pairs) : nil
  }

  private static func growthTest(_ pairs: [CurvePair], _ twins: Twins) -> GrowthTest? {
    let seeds = zip(pairs, twins.ofPairs).compactMap { pair, twins -> GrowthTest.Seed? in
      guard !twins.isEmpty else { return nil }
      let (steps, losses) = CurvePair.common([pair.a, pair.b] + twins)
      let quantum = ([pair.a, pair.b] + twins).map(\.quantum).max() ?? 0
      let floors = losses[0].map { $0 == 0 || !$0.isFinite ? 0 : quantum / abs($0) }
      guard !steps.isEmpty else { return nil }
      return GrowthTest.Seed(
        a: losses[0], b: losses[1], twins: Array(losses.dropFirst(2)), floors: quantum == 0 ? nil : floors)
    }
    return seeds.isEmpty ? nil : GrowthTest(seeds)
  }

  /// The whole result.
  var result: CurveComparison {
    var evidence = [
      comparability, identity, operations, growth, WholeCurveTest(pairs).evidence,
      FinalLossTest(a, b, pairs).evidence,
    ]
    if evidence[0].verdict == .notComparable {
      // What they differ by has its reason already.
      for index in evidence.indices where evidence[index].stage >= .growth {
        evidence[index] = Evidence(
          evidence[index].stage, isApplied: false, "they were not the same training")
      }
    }
    let judgement = Judgement(self, evidence)
    return CurveComparison(
      nameA: a.name, nameB: b.name, verdict: judgement.verdict, basis: judgement.basis,
      reason: judgement.reason, seedsNeeded: judgement.seedsNeeded, pairCount: pairs.count,
      evidence: evidence, partings: partings, growthTest: growthTest, growthBound: growthBound,
      growth: growthCurve, time: TimeRatio(a.curves, b.curves),
      configuration: ConfigurationDifference.differences(a.curves, b.curves),
      notes: ([pairing.note].compactMap { $0 }) + twins.notes + unfinished + faultsOnPurpose)
  }

  private var growthCurve: GrowthCurve? {
    let groups = zip(pairs, twins.ofPairs).map { pair, twins in [pair.a, pair.b] + twins }
    guard !groups.isEmpty, pairs.allSatisfy({ !$0.steps.isEmpty }) else { return nil }
    return GrowthCurve(groups)
  }

  /// Runs that did not come to their end: what is compared ends where the shorter one does.
  private var unfinished: [String] {
    (a.curves + b.curves).compactMap { curve in
      guard let record = curve.record, record.status != .finished else { return nil }
      let why = record.failure.map { ": \($0)" } ?? ""
      return "\(curve.label) is \(record.status.rawValue) after step \(curve.steps.last ?? 0)\(why)"
    }
  }
}

extension CurveExamination {
  /// Runs that were computed wrongly on purpose, to try what looks for faults.
  fileprivate var faultsOnPurpose: [String] {
    (a.curves + b.curves).compactMap { curve in
      curve.record?.backend.fault.map { "\(curve.label) was computed with a fault made on purpose: \($0)" }
    }
  }
}

// S0, S1, S2
extension CurveExamination {
  private var comparability: Evidence {
    let differences =
      pairs.isEmpty
      ? ConfigurationDifference.deciding(a.curves[0], b.curves[0], besidesSeed: true)
      : pairs.flatMap { ConfigurationDifference.deciding($0.a, $0.b) }
    if !differences.isEmpty {
      var keys: [String] = []
      for difference in differences where !keys.contains(difference.key) { keys.append(difference.key) }
      let first = differences[0]
      let values = "\(Self.clipped(first.a)) and \(Self.clipped(first.b))"
      return Evidence(
        .comparable, "different \(keys.joined(separator: ", ")): \(first.key) is \(values)",
        verdict: .notComparable)
    }
    if let pair = pairs.first(where: \.hasTwoSeeds) {
      return Evidence(
        .comparable,
        "different seeds: \(pair.a.label) has \(pair.a.seed!), \(pair.b.label) has \(pair.b.seed!)",
        verdict: .notComparable)
    }
    // A run that was stopped by an operation may have no step to compare; why it stopped is what counts.
    if !hasFaultyOperation, pairs.contains(where: \.steps.isEmpty) {
      return Evidence(.comparable, "the curves have no step in common", verdict: .notComparable)
    }
    guard (a.curves + b.curves).allSatisfy({ $0.record != nil }) else {
      return Evidence(
        .comparable, isApplied: false, "assumed comparable: a loss curve alone does not say what was trained")
    }
    let what = "data, settings, order of images"
    return Evidence(
      .comparable, pairs.isEmpty ? "the same \(what) but for the seeds" : "the same \(what), initial weights")
  }

  private var identity: Evidence {
    guard !pairs.isEmpty else {
      return Evidence(.identical, isApplied: false, "no two curves have one seed")
    }
    let different = pairs.filter { !$0.hasSameLosses }
    if let first = zip(pairs, partings).first(where: { $0.1.firstDifferentStep != nil })?.1 {
      let count = different.count == pairs.count ? "" : " (\(different.count) of \(pairs.count) pairs differ)"
      return Evidence(
        .identical, "losses differ from step \(first.firstDifferentStep!) on, \(first.pair)\(count)")
    }
    if let pair = different.first {
      return Evidence(
        .identical,
        "the \(pair.steps.count) common steps are the same, but there are \(pair.a.steps.count) and "
          + "\(pair.b.steps.count), \(pair.label)")
    }
    if pairs.contains(where: { $0.hasSameWeights == false }) {
      return Evidence(.identical, "every loss is the same, the final weights are not")
    }
    if pairs.contains(where: { $0.floors != nil }) {
      return Evidence(.identical, "the same as written, but with so few digits that rounding is not seen")
    }
    let areKnown = pairs.allSatisfy { $0.hasSameWeights == true }
    return Evidence(
      .identical, areKnown ? "every loss and the final weights" : "every loss; final weights are not known",
      verdict: .identical)
  }

  private var hasFaultyOperation: Bool { (a.curves + b.curves).contains { $0.faultyOperation != nil } }

  private var operations: Evidence {
    if let curve = (a.curves + b.curves).first(where: { $0.faultyOperation != nil }) {
      return Evidence(
        .operations, "\(curve.label): \(curve.faultyOperation!)", verdict: .faultyOperation)
    }
    return Evidence(
      .operations, isApplied: false,
      "curves don't show operations: `lockstep diff` and `train --check` hold each against float64")
  }

  private static func clipped(_ text: String) -> String { text.count <= 16 ? text : text.prefix(12) + "…" }
}

// S3
extension CurveExamination {
  /// Whether the steps are single ones, near enough for growth to be seen before chaos takes over.
  var isStepwise: Bool {
    pairs.allSatisfy { pair in
      guard let first = pair.steps.first, pair.steps.count > 1 else { return false }
      let last = pair.steps[min(pair.steps.count, GrowthTest.defaultWindow) - 1]
      let isEpochwise = pair.a.epochs.map { $0 == pair.a.steps } ?? false
      return last - first < 2 * GrowthTest.defaultWindow && (!isEpochwise || pair.a.record != nil)
    }
  }

  /// Whether there are as many steps as growth takes to show itself: fewer may be alike whatever is wrong.
  var hasEnoughSteps: Bool { pairs.allSatisfy { $0.steps.count >= GrowthTest.defaultWindow } }

  private var growth: Evidence {
    if pairs.isEmpty { return Evidence(.growth, isApplied: false, "no two curves have one seed") }
    if pairs.contains(where: \.steps.isEmpty) {
      return Evidence(.growth, isApplied: false, "the curves have no step in common")
    }
    if !isStepwise {
      return Evidence(
        .growth, isApplied: false, "losses are not of every step: growth is over before the second one")
    }
    if let test = growthTest { return evidence(of: test) }
    return evidence(of: growthBound!)
  }

  private func evidence(of bound: GrowthBound) -> Evidence {
    let largest = bound.largest.max() ?? 0
    let (size, limit) = (NumberFormat.scientific(largest), NumberFormat.scientific(GrowthBound.limit))
    let window = "the \(GrowthBound.window) steps from the first difference on"
    guard bound.isWithin else {
      return Evidence(
        .growth, isApplied: false,
        "|Δ ln L| reaches \(size) in \(window), beyond rounding's \(limit): a fault, or chaos that begins early, "
          + "which only twins tell apart", bound: largest)
    }
    let isShown = hasEnoughSteps && bound.isShown && !partings.contains(where: \.isSudden)
    let seeds = pairs.count == 1 ? "the one seed" : "all \(pairs.count) seeds"
    return Evidence(
      .growth, "|Δ ln L| is at most \(size) in \(window), within rounding's \(limit), for \(seeds)",
      bound: largest, verdict: isShown ? .equivalent : nil)
  }

  private func evidence(of test: GrowthTest) -> Evidence {
    let excess = NumberFormat.fixed(test.medianExcess, 2)
    let upper = test.excessUpperBound
    let bound = upper.isFinite ? ", with confidence less than \(NumberFormat.fixed(upper, 2))" : ""
    let how = test.isExact ? "exact" : "of \(Choices.sampleCount) random choices"
    let isRounding = hasEnoughSteps && test.isRounding && !partings.contains(where: \.isSudden)
    return Evidence(
      .growth,
      "B departs 10^\(excess) times as far as its twins\(bound); p = \(NumberFormat.fixed(test.pValue, 4)), "
        + "\(how), \(test.seedCount) seeds, \(test.twinCount) twins or more",
      statistic: test.medianExcess, pValue: test.pValue, bound: upper.isFinite ? upper : nil,
      verdict: test.isDiverged ? .diverged : isRounding ? .equivalent : nil)
  }
}
