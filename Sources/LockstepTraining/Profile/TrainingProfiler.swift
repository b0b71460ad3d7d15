/// Sorts what a profiled backend took down into the steps of a training. Evaluations are left out.
public final class TrainingProfiler: TrainingObserver {
  /// Steps that a trace shows unless told otherwise: enough to see what repeats, small enough for any viewer.
  public static let standardTraceSteps = 20

  /// All steps of this training but the first, which meets fresh memory and cold caches.
  public private(set) var profile = TrainingProfile()
  /// The course of the first steps, the very first among them.
  public private(set) var trace = ChromeTrace()

  private let backend: ProfilingBackend
  private let traceSteps: Int
  private var stepCount = 0
  /// When the step before ended, by the backend's clock.
  private var lastEnd = 0.0

  /// Creates a profiler; it must be the first of the observers, so that what they do is not taken for a step's.
  ///
  /// - Parameters:
  ///   - backend: the trainer's.
  ///   - traceSteps: how many steps the trace shows.
  public init(_ backend: ProfilingBackend, traceSteps: Int = TrainingProfiler.standardTraceSteps) {
    self.backend = backend
    self.traceSteps = traceSteps
  }

  /// Forgets what was computed before, such as initial weights.
  public func trainingWillBegin(_ trainer: Trainer) { _ = backend.takeRecording() }

  /// Takes in a step.
  public func stepDidEnd(_ report: StepReport, _ trainer: Trainer) {
    let end = backend.now
    let recording = backend.takeRecording()
    stepCount += 1
    if stepCount > 1 {
      profile.add(recording, imageCount: report.imageCount, seconds: report.seconds, end: end)
    }
    if stepCount <= traceSteps {
      // We hear of the end a moment late: a step is not to begin after its first operation therefore, or end
      // after the next one begins.
      let begin = min(max(end - report.seconds, lastEnd), recording.begin ?? end)
      trace.add(recording, step: report.step, from: begin, to: end)
    }
    lastEnd = end
  }

  /// Forgets the evaluation.
  public func epochDidEnd(_ report: EpochReport, _ trainer: Trainer) { _ = backend.takeRecording() }
}
