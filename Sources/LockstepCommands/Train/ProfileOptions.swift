import ArgumentParser
import Lockstep

/// Where a trace goes.
enum TraceTarget: ExpressibleByArgument, Equatable, CustomStringConvertible {
  case runFolder
  case file(String)

  init?(argument: String) { self = .file(argument) }

  /// As help says it.
  var description: String {
    switch self {
    case .runFolder: "trace.json in the run's folder"
    case .file(let path): path
    }
  }
}

/// The options that ask where the time goes.
struct ProfileOptions: ParsableArguments {
  @Option(
    defaultAsFlag: TraceTarget.runFolder, parsing: .next,
    help: ArgumentHelp(
      "Time every operation, print where the time goes, and write a trace for Chrome or Perfetto.",
      valueName: "file"))
  var profile: TraceTarget?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps that the trace shows. (default: 20)", valueName: "number"))
  var traceSteps: Int?
}

/// What is profiled, known to make sense.
struct ProfileSelection {
  /// More would be too much for a viewer.
  private static let stepLimit = 1...10_000

  let target: TraceTarget
  let traceSteps: Int

  /// Reads the options; nil where nothing is to be profiled.
  init?(_ options: ProfileOptions) throws {
    if let steps = options.traceSteps {
      if options.profile == nil { throw UsageError("--trace-steps goes with --profile") }
      guard Self.stepLimit.contains(steps) else {
        throw UsageError("--trace-steps must be between 1 and \(Self.stepLimit.upperBound), not \(steps)")
      }
    }
    guard let target = options.profile else { return nil }
    if case .file(let path) = target { try OutputFile.check(path) }
    self.target = target
    traceSteps = options.traceSteps ?? TrainingProfiler.standardTraceSteps
  }

  /// Where the trace of a run goes.
  func file(_ folder: RunFolder) -> String {
    switch target {
    case .runFolder: folder.trace
    case .file(let path): path
    }
  }
}
