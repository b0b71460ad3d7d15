import LockstepTraining

/// When something has to be over: at a time, or as soon as the user asks for it.
public struct Deadline: Sendable {
  private let instant: ContinuousClock.Instant
  private let isInterrupted: @Sendable () -> Bool

  /// A deadline some seconds from now.
  ///
  /// - Parameter isInterrupted: whether the user asked to stop.
  public init(in seconds: Double, isInterrupted: @escaping @Sendable () -> Bool = { false }) {
    instant = ContinuousClock().now.advanced(by: .seconds(max(0, seconds)))
    self.isInterrupted = isInterrupted
  }

  private init(_ instant: ContinuousClock.Instant, _ isInterrupted: @escaping @Sendable () -> Bool) {
    self.instant = instant
    self.isInterrupted = isInterrupted
  }

  /// Seconds that are left; 0 if none are, or the user asked to stop.
  public var secondsLeft: Double {
    isInterrupted() ? 0 : max(0, ContinuousClock().now.duration(to: instant).seconds)
  }

  /// Whether it is time to stop.
  public var hasPassed: Bool { secondsLeft <= 0 }

  /// Whether the user asked to stop.
  public var wasInterrupted: Bool { isInterrupted() }

  /// An earlier deadline: so many seconds from now, and not after this one.
  public func within(_ seconds: Double) -> Deadline {
    let other = ContinuousClock().now.advanced(by: .seconds(max(0, seconds)))
    return Deadline(min(other, instant), isInterrupted)
  }
}
