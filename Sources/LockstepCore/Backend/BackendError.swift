/// A failure of the environment a backend runs in.
public enum BackendError: Error, Hashable, Sendable {
  /// No memory for a buffer or for an operation's scratch space.
  case outOfMemory(byteCount: Int)
  /// An index of a gather, a scatter or a label lies outside of the dimension it selects from.
  case indexOutOfRange(operation: String, origin: Origin)
  /// The operation can't be executed on this dtype by this backend.
  case unsupported(operation: String, dtype: DType, backend: String)
  /// A check found a result that no rounding explains.
  case faultyOperation(FaultyOperation)

  /// There is no worker at any of these paths.
  case workerNotFound(searched: [String])
  /// The binary translator is not installed; `install` is how it is.
  case translatorNotFound(name: String, install: String)
  /// The system gave no memory, descriptor or thread that a worker needs.
  case noSharedMemory(reason: String)
  /// The worker ended before it said what it is; these are its last lines.
  case workerFailedToStart(lastLines: [String])
  /// The worker is not what was asked for, so that its results would be another machine's.
  case handshakeMismatch(what: String, expected: String, found: String)
  /// The worker ended while it executed an operation; these are its last lines.
  case workerExited(WorkerEnd, operation: String, origin: Origin, lastLines: [String])
  /// The worker made no progress with an operation for this many seconds, and was ended.
  case workerHung(operation: String, origin: Origin, seconds: Int)

  /// One of several backends that compute side by side failed; `backend` says which.
  indirect case ofBackend(String, BackendError)
}

/// How a worker process ended.
public enum WorkerEnd: Hashable, Sendable {
  /// By itself, with a status.
  case status(Int)
  /// By a signal.
  case signal(Int)
}

extension BackendError: CustomStringConvertible {
  /// One line for the user.
  public var description: String {
    switch self {
    case .outOfMemory(let byteCount):
      "out of memory: \(byteCount) bytes could not be had; a smaller batch needs less"
    case .indexOutOfRange(let operation, let origin):
      "an index or label is out of range in \(operation) \(origin)"
    case .unsupported(let operation, let dtype, let backend):
      "the backend '\(backend)' has no \(operation) for \(dtype)"
    case .faultyOperation(let fault): "\(fault)"
    case .workerNotFound(let searched):
      "lockstep-worker was not found; looked for \(searched.joined(separator: ", "))\(Self.remedy(searched))"
    case .translatorNotFound(let name, let install):
      "the translator '\(name)' is not installed; to install it: \(install)"
    case .noSharedMemory(let reason):
      "memory can't be shared with a worker: \(reason)"
    case .workerFailedToStart(let lines):
      "the worker did not start\(Self.quote(lines))"
    case .handshakeMismatch(let what, let expected, let found):
      "the worker is not what was asked for: \(what) should be \(expected) and is \(found)"
    case .workerExited(let end, let operation, let origin, let lines):
      "the worker \(end) during \(Self.place(operation, origin))\(Self.quote(lines))"
    case .workerHung(let operation, let origin, let seconds):
      """
      the worker hung in \(Self.place(operation, origin)): no progress for \(seconds) s; \
      LOCKSTEP_WATCHDOG_SECONDS sets how long to wait
      """
    case .ofBackend(let backend, let error): "\(backend): \(error)"
    }
  }

  /// How a worker that was looked for among those of other architectures is made.
  private static func remedy(_ searched: [String]) -> String {
    for (folder, name) in [("workers/aarch64/", "arm64"), ("workers/x86_64/", "x86_64")]
    where searched.contains(where: { $0.contains(folder) }) {
      return "; scripts/build-worker \(name) makes it"
    }
    return ""
  }

  private static func place(_ operation: String, _ origin: Origin) -> String {
    let origin = "\(origin)"
    return origin.isEmpty ? operation : "\(operation) of \(origin)"
  }

  private static func quote(_ lines: [String]) -> String {
    lines.isEmpty ? "" : "; its last words: \(lines.joined(separator: " / "))"
  }
}

extension WorkerEnd: CustomStringConvertible {
  /// A verb with its object, such as `was killed by signal 9 (SIGKILL)`.
  public var description: String {
    switch self {
    case .status(let status): "exited with status \(status)"
    case .signal(let signal): "was killed by signal \(signal) (\(Self.meaning(of: signal)))"
    }
  }

  /// By Linux's numbers, most of which are everybody's.
  private static func meaning(of signal: Int) -> String {
    switch signal {
    case 1: "SIGHUP"
    case 2: "SIGINT"
    case 3: "SIGQUIT"
    case 4: "SIGILL: it met an instruction that the CPU shown to it does not have"
    case 6: "SIGABRT"
    case 7: "SIGBUS: shared memory could not be had when it was touched"
    case 8: "SIGFPE"
    case 9: "SIGKILL: somebody ended it, or the system ran out of memory"
    case 11: "SIGSEGV"
    case 13: "SIGPIPE"
    case 15: "SIGTERM"
    default: "no common one"
    }
  }
}
