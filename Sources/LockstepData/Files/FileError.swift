#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file or folder could not be read, in the system's words.
public struct FileError: Error, Equatable, CustomStringConvertible {
  /// What went wrong, without the path: "Permission denied".
  public let reason: String

  /// Creates an error from words of our own.
  package init(_ reason: String) {
    self.reason = reason
  }

  /// Creates an error from `errno`.
  init(errno code: Int32) {
    reason = String(cString: strerror(code))
  }

  /// The reason as it is.
  public var description: String { reason }
}
