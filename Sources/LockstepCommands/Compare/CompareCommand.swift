public import ArgumentParser
import Lockstep
import LockstepData
import LockstepReports

/// `lockstep compare A B [C…]`.
public struct CompareCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Judge whether loss curves differ by rounding, by a fault, or not at all.",
    discussion: """
      A set is the runs of some seeds: a run's folder, a folder that holds several, a pattern in quotes such as \
      'runs/native-seed*', a list with commas between, or a file with loss curves from elsewhere (CSV or a JSON \
      object a line, as PyTorch Lightning, Keras, Weights & Biases and TensorBoard write them). Where a shell \
      expands patterns, put vs between the sets:

        lockstep compare runs/native-seed* vs runs/control-seed*

      Runs of one seed are held against each other. Every further set is compared with the first.

      Exit code: 0 IDENTICAL or EQUIVALENT, 3 DIVERGED or FAULTY OPERATION, 4 NOT COMPARABLE or INCONCLUSIVE; \
      1 failure, 2 a command line that makes no sense. docs/comparison.md explains the method.
      """)

  @Argument(help: ArgumentHelp("Two sets of runs or more.", valueName: "set"), completion: .file())
  var sets: [String]

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Runs of the first set's seeds by other kernels: what rounding does, as a measure.", valueName: "set"),
    completion: .file())
  var twins: [String] = []

  @OptionGroup var columns: ColumnOptions

  @OptionGroup var output: ComparisonOutput

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    try output.check()
    let sets = try CompareSets.read(self.sets, columns.names)
    let twins = try self.twins.flatMap { try CurveSource($0).curves(columns.names) }
    let comparisons = sets.dropFirst().map { CurveComparison(sets[0], $0, twins: twins) }
    let report = ComparisonReport(sets, comparisons, command: Self.commandLine).report
    try output.write(report)
    if output.json {
      try Terminal.standardOutput.writeResult(
        JSON.encode(ComparisonResult(verdict: comparisons.verdict, comparisons: comparisons)))
    } else {
      try ComparisonText(sets, comparisons).write(to: .standardOutput)
      output.draw(report)
    }
    if let code = comparisons.verdict.exitCode { throw ExitCode(code) }
  }

  /// The command as a person would type it again.
  private static var commandLine: String {
    ([Program.lockstep] + CommandLine.arguments.dropFirst().map(Program.quoted)).joined(separator: " ")
  }
}

/// Which columns of files from elsewhere hold what.
struct ColumnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The column or key of the losses. (default: guessed by its name)", valueName: "name"))
  var lossColumn: String?

  @Option(
    help: ArgumentHelp(
      "The column or key of the steps. (default: guessed by its name, else rows are counted)",
      valueName: "name"))
  var stepColumn: String?

  @Option(
    help: ArgumentHelp(
      "The column or key of the times: seconds a step, or a clock. (default: guessed by its name)",
      valueName: "name"))
  var timeColumn: String?

  var names: CurveColumns { CurveColumns(step: stepColumn, loss: lossColumn, time: timeColumn) }
}

/// What `compare --json` prints.
private struct ComparisonResult: Encodable {
  let verdict: Verdict
  let comparisons: [CurveComparison]
}

extension Verdict {
  /// What a script is told: nil is success.
  var exitCode: Int32? {
    switch self {
    case .identical, .equivalent: nil
    case .diverged, .faultyOperation: 3
    case .notComparable, .inconclusive: 4
    }
  }
}
