import LockstepCore

/// How long a worker may be silent.
struct Watchdog: Sendable {
  /// The variable that sets a limit in seconds, whatever is computed.
  static let environmentVariable = "LOCKSTEP_WATCHDOG_SECONDS"

  /// What any command is allowed, on a machine that is busy with other things.
  private static let base = 60.0

  private let override: Double?
  private let rate: Double

  /// Reads the limit.
  ///
  /// - Parameter rate: operations a second that the worker does at least.
  init(rate: Double, setting: String? = Environment[environmentVariable]) throws(BackendError) {
    self.rate = rate
    override = setting.flatMap(Double.init)
    guard setting == nil || (override ?? 0) > 0 else {
      throw .workerFailedToStart(
        lastLines: ["\(Self.environmentVariable) is '\(setting ?? "")', which is no number of seconds"])
    }
  }

  /// How long a worker may take to say what it is.
  var startLimit: Duration { .seconds(override ?? Self.base) }

  /// How long an instruction may take; a command that is none is short.
  func limit(for instruction: Instruction?) -> Duration {
    .seconds(override ?? Self.base + (instruction?.estimatedWork ?? 0) / rate)
  }
}
