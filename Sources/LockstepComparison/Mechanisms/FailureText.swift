import LockstepCore

extension Error {
  /// The failure in a line that fits a table: without a worker's last words, which may be a page of registers.
  var brief: String {
    switch self as? BackendError {
    case .workerExited(let end, let operation, let origin, _):
      "\(BackendError.workerExited(end, operation: operation, origin: origin, lastLines: []))"
    case .workerFailedToStart: "\(BackendError.workerFailedToStart(lastLines: []))"
    default: "\(self)"
    }
  }
}
