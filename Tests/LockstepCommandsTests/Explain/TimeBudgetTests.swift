@testable import LockstepCommands
import Testing

@Suite("--budget")
struct TimeBudgetTests {
  @Test(
    "a number with a unit",
    arguments: [("90s", 90.0), ("5m", 300), ("1h", 3600), ("1.5h", 5400), ("0.5s", 0.5), ("24h", 86400)])
  func good(text: String, seconds: Double) throws {
    #expect(try TimeBudget(text).seconds == seconds)
  }

  @Test(
    "anything else is refused, and the message shows how it is written",
    arguments: [
      "", "abc", "5", "m", "5 m", "-5m", "+5m", "5M", "1e3s", "nan", "infs", ".5h", "5.h", "1.2.3s", "٣m",
      "1h30m",
    ])
  func bad(text: String) {
    let error = #expect(throws: UsageError.self) { try TimeBudget(text) }
    #expect(error?.description == "--budget takes a time such as 90s, 5m or 1h, not '\(text)'")
  }

  @Test(
    "no time, and more than a day, make no sense",
    arguments: ["0s", "0.0m", "25h", "86401s", "999999999999999999999999999999h"])
  func range(text: String) {
    let error = #expect(throws: UsageError.self) { try TimeBudget(text) }
    #expect(error?.description == "--budget must be above 0s and at most 24h, not \(text)")
  }
}
