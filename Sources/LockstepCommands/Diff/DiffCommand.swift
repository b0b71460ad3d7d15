public import ArgumentParser
import Lockstep
import LockstepReports

/// `lockstep diff`.
public struct DiffCommand: ParsableCommand {
  /// The exit code where a result is one that no rounding explains.
  private static let faultyCode: Int32 = 3

  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Find the first operation in which two backends differ, and which of them is right.",
    discussion: """
      Trains on both, instruction by instruction: each is computed by both from the first one's inputs, and \
      by the second also in a stream of its own. Says which instruction differs first, by how much, and who \
      is closer to the exact result; which unit decides otherwise first; and how good each operation of \
      each layer is: green (rounds as a sound sum does), amber (poor, and possible) or red (no rounding \
      explains it).

      A backend is NAME[@CPU][/TRANSLATOR]: native, native@x86-64-v2 (this process with kernels of a lower \
      level), reference, control-x86, control-x86@avx2, emulated-x86, emulated-x86@core2/valgrind. \
      `lockstep backends` explains the names.

      Exit code 0 if all operations are green or amber, 3 if one is red, 1 if the training could not be \
      computed, 130 after Ctrl-C, which ends with what was found so far.
      """)

  @OptionGroup var options: DiffOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    let reporter = DiffReporter(options)
    let plan = try DiffPlan(options, report: reporter.note)
    Interruption.install()
    reporter.begin(plan)
    let found = try plan.search.run(
      plan.first, plan.second, progress: reporter.progress, shouldStop: { Interruption.wasRequested })
    let findings = DiffFindings(found, plan)
    if let path = options.report { try ReportFile.write(findings.document(command: command), to: path) }
    try reporter.end(findings)
    if found.worstBand == .red { throw ExitCode(Self.faultyCode) }
    if let failure = found.failure { throw CommandFailure("the training ended early: \(failure)") }
    if Interruption.wasRequested { throw ExitCode(Interruption.exitCode) }
  }

  /// The command line, to be typed again.
  private var command: String {
    ([Program.lockstep] + CommandLine.arguments.dropFirst()).map(Program.quoted).joined(separator: " ")
  }
}
