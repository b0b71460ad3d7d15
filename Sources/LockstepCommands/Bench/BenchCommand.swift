public import ArgumentParser
import Lockstep
import LockstepBenchmark

/// `lockstep bench ops|train|seeds`.
public struct BenchCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast this machine computes, and compare with an earlier run.",
    discussion: """
      ops measures every operation, train the training and inference of models on images made in memory, seeds \
      the account's examples. Times are medians; the machine's peak of matrix products and its memory bandwidth \
      are measured in the same run, with the same threads and the same BLAS.

        lockstep bench ops --output before.json
        lockstep bench ops --compare before.json

      Exit code with --compare: 0 nothing is slower, 3 something is, 4 the runs have nothing in common; 1 \
      failure, 2 a command line that makes no sense. docs/bench.md explains the method.
      """)

  @OptionGroup var options: BenchOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    let plan = try BenchPlan(options)
    if options.list {
      return try Terminal.standardOutput.writeResult(plan.suite.names.joined(separator: "\n"))
    }
    if let name = options.firstCall { return try printFirstCall(of: name, plan.selections[0]) }
    Interruption.install()
    let reporter = BenchReporter(plan, isJSON: options.json)
    var record = try BenchmarkRun(
      plan.suite, plan.settings, makeDevice: { threads in try plan.device(threads: threads) },
      firstCall: { try FirstCallProcess(options, threads: $1).seconds(of: $0) }
    ).run(
      threads: plan.selections.map(\.threads), isInterrupted: { Interruption.wasRequested },
      report: reporter.note)
    record.comparison = plan.earlier.map { BenchmarkComparison(of: record, with: $0, margin: plan.margin) }
    if let output = options.output { try OutputFile.write(record.json, to: output) }
    try reporter.end(record)
    if Interruption.wasRequested { throw ExitCode(Interruption.exitCode) }
    if let code = record.comparison?.exitCode { throw ExitCode(code) }
  }

  /// What a process that was started for a first call says.
  private func printFirstCall(of name: String, _ selection: BackendSelection) throws {
    guard let seconds = try BenchmarkSuite.firstCallSeconds(of: name, on: selection.makeDevice()) else {
      throw UsageError("there is no operation '\(name)'; --list prints the benchmarks")
    }
    try Terminal.standardOutput.writeResult("\(seconds)")
  }
}

extension BenchPlan {
  /// Starts the backend that was chosen for a number of threads.
  fileprivate func device(threads: Int?) throws -> Device {
    let selection = selections.first { $0.threads == threads } ?? selections[0]
    return try selection.makeDevice()
  }
}

extension BenchmarkComparison {
  /// What a script is told: nil is success.
  fileprivate var exitCode: Int32? {
    if rows.isEmpty { return 4 }
    return count(.slower) > 0 ? 3 : nil
  }
}
