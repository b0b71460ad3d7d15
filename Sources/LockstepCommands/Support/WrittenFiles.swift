import ArgumentParser
import Lockstep
import LockstepTraining

/// How a command that writes files says what it wrote.
struct WrittenFilesOptions: ParsableArguments {
  @Flag(help: "Print what was written as JSON on standard output and nothing else there.")
  var json = false

  /// Says it: a line for each file, or one document.
  func write(_ files: [WrittenFile]) throws {
    let text = json ? JSON.encode(["written": files]) : files.map(\.line).joined(separator: "\n")
    try Terminal.standardOutput.writeResult(text)
  }
}

/// A file or a folder that a command has written.
struct WrittenFile: Encodable {
  let path: String
  /// What it is, in words.
  let content: String
  /// How much of what is in it, by names such as `tensors` and `trainingImages`.
  let counts: [String: Int]

  /// What a person is told.
  var line: String { "\(path): \(content)" }
}
