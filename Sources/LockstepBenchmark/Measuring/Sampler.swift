import LockstepComparison
import LockstepTraining

/// Times a piece of work over and over.
struct Sampler {
  let plan: SamplePlan
  let deadline: Deadline

  /// Warms up, then takes samples.
  ///
  /// - Parameter body: does the work so many times, and returns when it is done.
  func measure<Failure: Error>(_ body: (_ calls: Int) throws(Failure) -> Void) throws(Failure) -> Samples {
    let clock = ContinuousClock()
    var collector = SampleCollector(plan, until: deadline)
    while !collector.isDone {
      let calls = collector.callsPerSample
      let begin = clock.now
      try body(calls)
      collector.add(begin.duration(to: clock.now).seconds / Double(calls), isAdjustable: true)
    }
    return collector.samples
  }
}
