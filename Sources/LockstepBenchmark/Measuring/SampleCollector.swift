import LockstepComparison
import LockstepTraining

/// Takes in times one after the other: first those of the warm-up, which it forgets, then samples, until there
/// are enough.
struct SampleCollector {
  private(set) var samples = Samples()
  private let plan: SamplePlan
  private let deadline: Deadline
  private let clock = ContinuousClock()
  private let begin: ContinuousClock.Instant
  private var warmUp: [Double] = []
  private var isWarm = false
  private var usageWhenWarm = ResourceUsage.now

  init(_ plan: SamplePlan, until deadline: Deadline) {
    self.plan = plan
    self.deadline = deadline
    begin = clock.now
  }

  /// How many calls the next time should be the mean of.
  var callsPerSample: Int { samples.callsPerSample }

  /// Whether there are enough samples, or no time is left for more.
  var isDone: Bool {
    guard !samples.seconds.isEmpty else { return false }
    if deadline.hasPassed || samples.seconds.count >= plan.mostSamples { return true }
    return elapsed >= plan.seconds && samples.seconds.count >= plan.leastSamples
  }

  /// Takes in a time, in seconds a call.
  ///
  /// - Parameter isAdjustable: whether more calls can be put into a sample.
  mutating func add(_ seconds: Double, isAdjustable: Bool = false) {
    guard !isWarm else {
      samples.seconds.append(seconds)
      let calls = Double(samples.seconds.count * samples.callsPerSample)
      let faults = ResourceUsage.now.pageFaults - usageWhenWarm.pageFaults
      samples.pageFaultsPerCall = Double(faults) / calls
      return
    }
    warmUp.append(seconds)
    if isAdjustable { samples.callsPerSample = calls(eachTaking: warmUp.min() ?? 0) }
    samples.isSteady = SteadyRule.isSteady(warmUp)
    isWarm = samples.isSteady || elapsed >= plan.warmUpShare * plan.seconds || deadline.hasPassed
    samples.warmUpCount = warmUp.count
    usageWhenWarm = .now
  }

  private var elapsed: Double { begin.duration(to: clock.now).seconds }

  private func calls(eachTaking single: Double) -> Int {
    single > 0 ? Int(min(1e6, max(1, (plan.secondsPerSample / single).rounded()))) : 1
  }
}
