import Foundation
import Synchronization
import Testing

/// What a program came to.
struct Outcome {
  /// Its exit code, or the negative number of the signal that ended it.
  let code: Int32
  let output: String
  let errors: String
}

/// One of the package's programs, started in a sandbox.
final class RunningProgram {
  /// Long for the slowest machine, and short enough to notice a program that hangs.
  private static let timeLimit = 60.0

  private let process = Process()
  private let isOver = DispatchSemaphore(value: 0)
  private let sandbox: Sandbox
  private let outputFile: String
  private let errorFile: String

  /// Where SwiftPM puts programs: beside the tests.
  static let folder = Bundle.main.executableURL!.resolvingSymlinksInPath().deletingLastPathComponent().path

  init(_ program: String, _ arguments: [String], in sandbox: Sandbox, environment: [String: String] = [:])
    throws
  {
    self.sandbox = sandbox
    let id = UUID().uuidString
    let streams = Sandbox.place.path
    outputFile = "\(streams)/lockstep-\(id).out"
    errorFile = "\(streams)/lockstep-\(id).err"
    for file in [outputFile, errorFile] {
      precondition(FileManager.default.createFile(atPath: file, contents: nil))
    }
    process.executableURL = URL(
      filePath: program.hasPrefix("/") ? program : "\(Self.folder)/\(program)")
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: sandbox.path)
    process.environment = Self.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: outputFile)
    process.standardError = FileHandle(forWritingAtPath: errorFile)
    process.terminationHandler = { [isOver] _ in isOver.signal() }
    try process.run()
  }

  deinit {
    for file in [outputFile, errorFile] { try? FileManager.default.removeItem(atPath: file) }
  }

  /// Ours, without what decides how a program of ours prints.
  private static let environment = ProcessInfo.processInfo.environment.filter { name, _ in
    !["NO_COLOR", "TERM", "COLUMNS", "LINES"].contains(name) && !name.hasPrefix("LOCKSTEP_")
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until the program ends, and kills it if it doesn't.
  func outcome() -> Outcome {
    if isOver.wait(timeout: .now() + Self.timeLimit) == .timedOut {
      Issue.record("\(process.arguments ?? []) did not end")
      send(SIGKILL)
      isOver.wait()
    }
    func text(_ file: String) -> String {
      String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
    }
    let status = process.terminationStatus
    return Outcome(
      code: process.terminationReason == .exit ? status : -status, output: text(outputFile),
      errors: text(errorFile))
  }

  /// Waits until a condition holds; fails the test if the program ends before.
  func wait(until condition: () throws -> Bool) rethrows {
    let deadline = Date(timeIntervalSinceNow: Self.timeLimit)
    while try !condition() {
      guard process.isRunning, Date() < deadline else {
        Issue.record("\(process.arguments ?? []) never came so far")
        return
      }
      usleep(1000)
    }
  }
}

extension Sandbox {
  /// Runs a program to its end.
  @discardableResult
  func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    try RunningProgram(program, arguments, in: self, environment: environment).outcome()
  }

  /// Trains on what is in the sandbox, without drawing curves, which would take longer than the training.
  @discardableResult
  func train(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    try run(
      "train", ["--data", "data", "--model", "model.yaml", "--no-curves"] + arguments,
      environment: environment)
  }
}
