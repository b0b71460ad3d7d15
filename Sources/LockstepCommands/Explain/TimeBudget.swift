/// How long a command may take, as it is written on the command line: `90s`, `5m`, `1.5h`.
struct TimeBudget: Equatable {
  /// The longest that makes sense; more is a slip of the keyboard.
  private static let longest = 24 * 3600.0
  private static let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]

  /// The budget in seconds.
  let seconds: Double

  /// Reads a number with its unit.
  ///
  /// - Throws: ``UsageError`` for anything else, and for no time or more than a day.
  init(_ text: String) throws {
    let digits = text.dropLast()
    let isNumber =
      digits.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") } && digits.first != "."
      && digits.last != "."
    guard let unit = text.last.flatMap({ Self.units[$0] }), isNumber, let number = Double(digits) else {
      throw UsageError("--budget takes a time such as 90s, 5m or 1h, not '\(text)'")
    }
    seconds = number * unit
    guard seconds > 0, seconds <= Self.longest else {
      throw UsageError("--budget must be above 0s and at most 24h, not \(text)")
    }
  }
}
