import Foundation

/// Opens reports in headless Chromium by scripts/check-report.
enum BrowserCheck {
  /// Whether browsers are started. A missing one is a failure, not a reason to be silent: only
  /// `LOCKSTEP_SKIP_BROWSER=1` leaves the tests out, and not where `CI` is set.
  static func isWanted(_ environment: [String: String]) -> Bool {
    environment["CI"] == "true" || environment["LOCKSTEP_SKIP_BROWSER"] != "1"
  }

  static let isWanted = isWanted(ProcessInfo.processInfo.environment)

  private static let script = URL(filePath: #filePath).appending(path: "../../../../scripts/check-report")
    .standardized

  /// What the script says of files, and its exit code.
  static func run(_ files: [String], environment: [String: String]? = nil) throws -> (
    code: Int32, text: String
  ) {
    try output(script.path, files, environment: environment)
  }

  /// What a program writes, and its exit code.
  static func output(
    _ program: String, _ arguments: [String], environment: [String: String]? = nil
  ) throws -> (code: Int32, text: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    if let environment { process.environment = environment }
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}
