import LockstepCore
import LockstepTraining

/// What the experiments on mechanisms found; those that were not done, or failed, are missing.
public struct MechanismFindings: Codable, Hashable, Sendable {
  /// Up to which size kernels give the same bits.
  public var agreement: KernelAgreement?
  /// Errors of sums.
  public var growth: ErrorGrowth?
  /// What arithmetic does.
  public var probes: ProbeTable?
  /// What denormals cost.
  public var denormals: DenormalCosts?
  /// What conversions give.
  public var conversions: ConversionFindings?
  /// The account's examples.
  public var examples: AccountExamples?
  /// How long each took, in seconds, by name.
  public var seconds: [String: Double] = [:]

  /// Creates findings without any.
  public init() {}

  /// Experiments that nothing came of, by name.
  public var missing: [String] {
    let found: [(String, Bool)] = [
      ("kernel agreement", agreement != nil), ("error growth", growth != nil),
      (ProbeExperiment.name, probes != nil),
      (DenormalExperiment.name, denormals != nil), (ConversionExperiment.name, conversions != nil),
      (AccountExampleExperiment.name, examples != nil),
    ]
    return found.filter { !$0.1 }.map(\.0)
  }
}

/// Does all experiments on mechanisms within a time, the cheap ones first.
public struct MechanismExperiments {
  /// What they are done with.
  public let bench: MechanismBench

  /// Creates them.
  public init(_ bench: MechanismBench) { self.bench = bench }

  /// Does them, one after the other. Each may use its share of the time that is left when it begins.
  ///
  /// - Throws: what is not a failure of a worker: that is in the findings.
  public func run(until deadline: Deadline) throws -> MechanismFindings {
    var findings = MechanismFindings()
    func measure<Outcome>(
      _ name: String, share: Double, _ body: (Deadline) throws -> Outcome
    ) rethrows -> Outcome? {
      guard !deadline.hasPassed else { return nil }
      let clock = ContinuousClock()
      let begin = clock.now
      let outcome = try body(deadline.within(share * deadline.secondsLeft))
      findings.seconds[name] = begin.duration(to: clock.now).seconds
      return outcome
    }
    func attempt<E: MechanismExperiment>(_ experiment: E, share: Double) throws -> E.Outcome? {
      try measure(E.name, share: share) { try experiment.run(on: bench, until: $0) }
    }
    findings.conversions = try attempt(ConversionExperiment(), share: 0.2)
    findings.agreement = measure("kernel agreement", share: 0.25) { limit in
      let translated = bench.translators.map { Engine.worker($0, bench.profile) }
      let candidates = KernelCandidate.cores() + translated.map { KernelCandidate($0.name, $0) }
      return KernelAgreementExperiment(candidates, until: limit, report: bench.report).run()
    }
    findings.denormals = try attempt(DenormalExperiment(), share: 0.15)
    findings.growth = measure("error growth", share: 0.3) { limit in
      var experiment = ErrorGrowthExperiment(until: limit, report: bench.report)
      return experiment.run()
    }
    findings.probes = try attempt(ProbeExperiment(), share: 0.5)
    findings.examples = try attempt(AccountExampleExperiment(), share: 1)
    return findings
  }
}
