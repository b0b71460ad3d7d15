/// What a ``SentinelBackend`` has checked.
public struct SentinelReport: Hashable, Sendable {
  /// How many matrix products and convolutions.
  public var operationCount = 0
  /// How many elements their results have.
  public var elementCount = 0
  /// How many of the operations were judged element by element.
  public var judgedCount = 0
  /// How many of those were added up poorly, if legitimately.
  public var poorCount = 0
  /// How long checking took.
  public var checkTime = Duration.zero
  /// How long judging took.
  public var judgementTime = Duration.zero

  /// Creates the report of nothing.
  public init() {}
}
