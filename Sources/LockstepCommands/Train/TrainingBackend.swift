import Lockstep

/// What computes a training, with what looks on.
struct TrainingBackend {
  /// What the trainer's device has.
  let backend: any Backend
  /// What checks the results, if that was asked for.
  let sentinel: SentinelBackend?
  /// What takes down the times, if that was asked for.
  let profiler: TrainingProfiler?

  /// Starts a backend; faulty, checked and profiled where that is asked for. A check is part of what it checks:
  /// its time is the operation's.
  init(
    _ selection: BackendSelection, _ fault: FaultSelection?, isChecked: Bool, _ profile: ProfileSelection?
  ) throws {
    var backend = try selection.makeBackend()
    if let fault { backend = fault.injected(into: backend) }
    sentinel = isChecked ? SentinelBackend(backend, oracle: OperationOracle()) : nil
    if let sentinel { backend = sentinel }
    let profiling = profile.map { _ in ProfilingBackend(backend) }
    profiler = profiling.map { TrainingProfiler($0, traceSteps: profile?.traceSteps ?? 0) }
    self.backend = profiling ?? backend
  }
}
