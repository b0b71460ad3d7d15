@testable import LockstepComparison
import LockstepCore
import LockstepTraining

/// Made-up figures of an experiment, to be changed one at a time.
enum Figures {
  static let native = "native"
  static let control = "control-x86 (rosetta2-launch)"
  static let emulated = "emulated-x86 (qemu, rosetta2-launch)"

  /// Translation changes nothing, kernels change bits, curves part as rounding makes them.
  static func record() throws -> ExperimentRecord {
    var record = ExperimentRecord(
      model: .init(name: "net", inputShape: [8, 8, 1], parameterCount: 10),
      configuration: TrainingConfiguration(),
      dataset: .init(
        path: "images", digest: "d", classNames: ["a", "b"], trainCount: 8, testCount: 2, skippedCount: 0),
      settings: ExperimentSettings(seeds: [0, 1, 2]))
    record.engines = [
      engine(native), engine(control, profile: true), engine(emulated, profile: true, translator: "qemu"),
    ]
    record.curves = [native, control, emulated].map { curves($0, steps: 40) }
    record.comparisons = [
      try judgement(.repetition, native, "native, again"),
      try judgement(.dispatch, native, control, firstDifference: 2, verdict: .equivalent),
      try judgement(.translation, control, emulated),
      try judgement(.total, native, emulated, firstDifference: 2, verdict: .equivalent),
    ]
    record.times = [times(protocol: 1.5, dispatch: 2, translation: 50)]
    record.square = square(translation: [true, true], kernels: [false, false])
    return record
  }

  static func engine(_ name: String, profile: Bool = false, translator: String? = nil) -> EngineRecord {
    EngineRecord(
      name: name, isTranslated: translator != nil,
      backend: BackendDescriptor(
        name: name, architecture: "x86_64", blasCore: "Core", isaLevel: "level", threads: 1,
        translatorName: translator, cpuProfile: profile ? "rosetta2-launch" : nil),
      startupSeconds: 0.1)
  }

  static func curve(_ engine: String, seed: UInt64, steps: Int) -> TrainingCurve {
    TrainingCurve(
      engine: engine, seed: seed, learningRate: 0.05, initialWeightsDigest: "w",
      losses: (0..<steps).map { 2 / Float($0 + 1) }, stepSeconds: Array(repeating: 0.01, count: steps),
      weights: [.init(step: steps, digest: "\(engine) \(seed)")])
  }

  static func curves(_ engine: String, steps: Int, wanted: Int? = nil) -> EngineCurves {
    EngineCurves(
      engine: engine, plannedSteps: steps, wantedSteps: wanted ?? steps,
      curves: (0..<3).map { curve(engine, seed: $0, steps: steps) })
  }

  /// A comparison of three seeds; without a difference it is identical.
  static func judgement(
    _ role: CurveJudgement.Role, _ first: String, _ second: String, firstDifference: Int? = nil,
    steps: Int = 40, hasSameWeights: Bool? = nil, verdict: Verdict = .identical
  ) throws -> CurveJudgement {
    let weights = hasSameWeights ?? (firstDifference == nil)
    let lossCurve = LossCurve("a", steps: [1], losses: [1])
    var comparison = CurveComparison(try CurveSet(first, [lossCurve]), try CurveSet(second, [lossCurve]))
    comparison.verdict = verdict
    comparison.basis = verdict == .equivalent ? .rounding : nil
    comparison.reason = "because"
    comparison.pairCount = 3
    return CurveJudgement(
      role: role, first: first, second: second,
      pairs: (0..<3).map {
        .init(seed: $0, stepCount: steps, firstDifference: firstDifference, hasSameWeights: weights)
      }, comparison: comparison)
  }

  /// Three repetitions with a hundredth of noise.
  static func times(protocol: Double, dispatch: Double, translation: Double) -> TimeFactors {
    func time(_ engine: String, _ seconds: Double) -> TimeFactors.EngineTime {
      .init(engine: engine, stepSeconds: [seconds, seconds * 1.01, seconds * 0.99], startupSeconds: 0.1)
    }
    let own = `protocol` * 0.001
    return TimeFactors(
      stages: [
        time(native, 0.001), .init(engine: "own", stepSeconds: [own * 1.01, own, own * 0.99]),
        time(control, own * dispatch), time(emulated, own * dispatch * translation),
      ], translator: "qemu")
  }

  /// A square whose edges keep bits or not.
  static func square(translation: [Bool], kernels: [Bool]) -> AttributionSquare {
    func edge(_ isSame: Bool) -> AttributionSquare.Edge {
      .init(
        from: "a", to: "b", stepCount: 8, hasSameLosses: isSame, hasSameWeights: isSame,
        firstDifference: isSame ? nil : 1, timeRatio: 2)
    }
    return AttributionSquare(
      cells: ["rosetta2-launch", "avx2"].map {
        .init(profile: $0, isTranslated: false, curve: curve($0, seed: 0, steps: 8))
      },
      translator: "qemu", translation: translation.map(edge), kernels: kernels.map(edge))
  }

  /// Fates by rows of letters: F failed.
  static func divergence(_ rows: [(String, String)]) -> Divergence {
    let outcomes = rows.map { name, row in
      (
        name: name,
        outcomes: row.enumerated().map {
          DivergenceOutcome(seed: UInt64($0.offset), hasFailed: $0.element == "F", digest: "\(name)")
        }
      )
    }
    return Divergence(
      trials: [], learningRate: 0.3, stepCount: 60, lossLimit: 2,
      fates: outcomes.map { .init($0.name, isTranslated: $0.name == emulated, $0.outcomes) },
      pairs: outcomes.dropFirst().compactMap { Divergence.Pair(outcomes[0], $0) })
  }

  /// Largest differences of the model as it is, and of the smooth one.
  static func chaos(_ original: Double, smooth: Double?) -> Chaos {
    func variant(_ isSmooth: Bool, _ largest: Double) -> Chaos.Variant {
      .init(isSmooth: isSmooth, seeds: [.init(seed: 0, differences: [0, largest])])
    }
    return Chaos(
      first: native, second: control, stepCount: 2,
      variants: [variant(false, original)] + (smooth.map { [variant(true, $0)] } ?? []))
  }
}
