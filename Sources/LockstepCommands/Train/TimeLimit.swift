/// How long a training may take: a number with a unit, such as `90s`, `10m`, `1.5h`.
struct TimeLimit {
  private static let units = ["s": 1.0, "m": 60, "h": 3600]

  private let seconds: Double
  private let clock = ContinuousClock()
  private let begin: ContinuousClock.Instant

  /// Reads a limit, which begins now.
  ///
  /// - Throws: ``UsageError`` for what is no time.
  init(_ text: String) throws {
    guard let unit = text.last.flatMap({ Self.units[String($0)] }), let number = Double(text.dropLast()),
      number > 0, number.isFinite
    else { throw UsageError("--time-limit takes a time such as 90s, 10m or 1.5h, not '\(text)'") }
    seconds = number * unit
    begin = clock.now
  }

  /// Whether it is over.
  var isReached: Bool { begin.duration(to: clock.now) >= .seconds(seconds) }
}
