import LockstepTraining

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why a step takes longer somewhere else: total = protocol × dispatch × translation.
///
/// Four engines train the same model in turn, over and over. From one to the next a single thing changes:
/// native → the same kernels in a worker (*protocol*) → the profile's kernels (*dispatch*) → the same under
/// the translator (*translation*). A factor is the geometric mean over the repetitions of the ratio of step
/// times, so that the product of the factors is the total, exactly.
public struct TimeFactors: Codable, Hashable, Sendable {
  /// A factor.
  public struct Factor: Codable, Hashable, Sendable {
    /// What changes: `protocol`, `dispatch`, `translation`, or several of them where an engine between is
    /// missing.
    public var name: String
    /// The engine before the change.
    public var from: String
    /// The engine after it.
    public var to: String
    /// How many times as long a step takes, with a 95 % interval.
    public var ratio: RatioInterval
  }

  /// An engine's times.
  public struct EngineTime: Codable, Hashable, Sendable {
    /// The engine.
    public var engine: String
    /// The median step of each repetition, in seconds.
    public var stepSeconds: [Double]
    /// Wall time until the engine was ready, in seconds.
    public var startupSeconds: Double?

    /// The median over the repetitions.
    public var secondsPerStep: Double { stepSeconds.median }

    fileprivate func keeping(_ count: Int) -> EngineTime {
      EngineTime(
        engine: engine, stepSeconds: Array(stepSeconds.prefix(count)), startupSeconds: startupSeconds)
    }
  }

  /// The translator; nil if none runs here.
  public var translator: String?
  /// The engines, in the order of the changes.
  public var engines: [EngineTime] = []
  /// The factors, in order.
  public var factors: [Factor] = []
  /// All changes together; nil if there is nothing to compare.
  public var total: Factor?
}

extension TimeFactors {
  /// What changes on the way to an engine.
  enum Change: String, CaseIterable {
    case `protocol`, dispatch, translation
  }

  /// The factors of a translator.
  ///
  /// - Parameter stages: native, own kernels in a worker, the profile's kernels in a worker, translated; nil
  ///   for an engine that did not run. Repetitions are aligned; surplus ones are left out.
  init(stages: [EngineTime?], translator: String?) {
    self.translator = translator
    // Only repetitions that all engines have, or the factors' product were not the total.
    let count = stages.compactMap { $0?.stepSeconds.count }.min() ?? 0
    let present = stages.enumerated().compactMap { index, stage in
      stage.map { (index, $0.keeping(count)) }
    }
    engines = present.map(\.1)
    guard count > 0 else { return }
    factors = zip(present, present.dropFirst()).compactMap { before, after in
      let changes = Change.allCases[before.0..<after.0].map(\.rawValue)
      return Factor(changes.joined(separator: " × "), before.1, after.1)
    }
    total = present.count < 2 ? nil : Factor("total", present[0].1, present[present.count - 1].1)
  }

  /// The product of the factors' ratios: the total's, but for rounding.
  var product: Double { factors.reduce(1) { $0 * $1.ratio.ratio } }

  /// The factor of a change alone; nil if it was not measured by itself.
  public func factor(_ name: String) -> Factor? { factors.first { $0.name == name } }
}

extension TimeFactors.Factor {
  fileprivate init?(_ name: String, _ before: TimeFactors.EngineTime, _ after: TimeFactors.EngineTime) {
    guard let ratio = RatioInterval(of: after.stepSeconds, pairedWith: before.stepSeconds) else { return nil }
    self.init(name: name, from: before.engine, to: after.engine, ratio: ratio)
  }
}

extension RatioInterval {
  /// Compares numbers that belong together in pairs, such as times measured one after the other: Student's t
  /// interval of the logarithms of their ratios.
  ///
  /// - Returns: nil unless there are as many of one kind as of the other, at least one, all of them positive
  ///   and finite.
  init?(of second: [Double], pairedWith first: [Double], confidence: Double = 0.95) {
    let isSound = (first + second).allSatisfy { $0 > 0 && $0.isFinite }
    guard isSound, !first.isEmpty, first.count == second.count else { return nil }
    let logarithms = zip(first, second).map { log($1 / $0) }
    let mean = logarithms.mean
    ratio = exp(mean)
    counts = [first.count, second.count]
    self.confidence = confidence
    guard first.count > 1 else { return }
    let error = logarithms.standardDeviation / Double(first.count).squareRoot()
    let t = StudentT(degreesOfFreedom: Double(first.count - 1)).quantile(0.5 + confidence / 2)
    lower = exp(mean - t * error)
    upper = exp(mean + t * error)
  }
}
