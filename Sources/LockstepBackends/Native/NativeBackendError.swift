/// Why a ``NativeBackend`` could not be made.
public enum NativeBackendError: Error, Hashable, Sendable {
  /// No such instruction-set level, or not on this CPU.
  case isaLevelUnavailable(String, available: [String])
  /// A thread count below 1.
  case invalidThreadCount(Int)
  /// The system gave no memory or no threads.
  case cannotStart(threads: Int)
}

extension NativeBackendError: CustomStringConvertible {
  /// One line for the user.
  public var description: String {
    switch self {
    case .isaLevelUnavailable(let name, let available):
      "this CPU has no instruction-set level '\(name)'; it has \(available.joined(separator: ", "))"
    case .invalidThreadCount(let count): "threads must be at least 1, not \(count)"
    case .cannotStart(let threads): "the system has no threads or no memory left for \(threads) thread(s)"
    }
  }
}
