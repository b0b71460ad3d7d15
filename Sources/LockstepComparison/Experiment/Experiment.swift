import LockstepBackends
import LockstepCore
import LockstepTraining

/// Someone who is told how an experiment goes.
public protocol ExperimentObserver: AnyObject {
  /// Before a part, with the seconds it may take.
  func partWillBegin(_ part: ExperimentPart, seconds: Double)
  /// Within a part.
  func partDidAdvance(_ part: ExperimentPart, _ text: String)
  /// After a part.
  func partDidEnd(_ part: ExperimentRecord.Part, _ record: ExperimentRecord)
}

/// Trains one model on one data set on every engine there is, and works out what makes the differences.
///
/// Everything is measured here and now, within a budget of time; what there was no time for is left out and
/// said to be.
public final class Experiment {
  /// What came of it so far.
  public internal(set) var record: ExperimentRecord
  let task: TrainingTask
  let settings: ExperimentSettings
  let workbench: Workbench
  private let deadline: Deadline
  private weak var observer: (any ExperimentObserver)?

  /// Prepares an experiment; the clock starts.
  ///
  /// - Parameter isInterrupted: asked before every step whether the user wants to stop.
  public init(
    _ task: TrainingTask, _ settings: ExperimentSettings, record: ExperimentRecord,
    observer: (any ExperimentObserver)? = nil, isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.task = task
    self.settings = settings
    self.record = record
    self.observer = observer
    workbench = Workbench(threads: settings.threads)
    deadline = Deadline(in: settings.budgetSeconds, isInterrupted: isInterrupted)
  }

  /// Does all parts, one after the other.
  ///
  /// - Throws: what ``TrainingTask/makeModel`` throws, and ``/LockstepBackends/NativeBackendError`` where not even
  ///   the native backend runs.
  public func run() throws -> ExperimentRecord {
    let clock = ContinuousClock()
    let begin = clock.now
    // Without the native backend there is nothing to compare with.
    let native = try NativeBackend(threads: settings.threads).descriptor
    let engines = EngineSelection(native, profile: settings.profile, translators: settings.translators)
    var division = BudgetDivision(ExperimentPart.allCases)
    while !deadline.wasInterrupted, let (part, seconds) = division.next(of: deadline.secondsLeft) {
      try compute(part, engines, native, seconds: seconds)
    }
    record.status = deadline.wasInterrupted ? .interrupted : .finished
    record.engines = workbench.records
    record.seconds = begin.duration(to: clock.now).seconds
    return record
  }

  private func compute(
    _ part: ExperimentPart, _ engines: EngineSelection, _ native: BackendDescriptor, seconds: Double
  ) throws {
    let clock = ContinuousClock()
    let begin = clock.now
    observer?.partWillBegin(part, seconds: seconds)
    let limit = deadline.within(seconds)
    let report: (String) -> Void = { [observer] in observer?.partDidAdvance(part, $0) }
    let note: String? =
      switch part {
      case .engines: startEngines(engines, report)
      case .time: try measureTime(engines, limit)
      case .curves: try trainSeeds(engines, limit, report)
      case .square: try fillSquare(engines, limit)
      case .mechanisms: try studyMechanisms(native, limit, report)
      case .chaos: try watchChaos(engines, limit)
      case .divergence: try countFailures(engines, limit, report)
      }
    let entry = ExperimentRecord.Part(
      part: part, budgetSeconds: seconds, seconds: begin.duration(to: clock.now).seconds, note: note)
    record.parts.append(entry)
    observer?.partDidEnd(entry, record)
  }
}
