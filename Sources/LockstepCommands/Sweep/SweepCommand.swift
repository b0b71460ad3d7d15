public import ArgumentParser
import Lockstep

/// `lockstep sweep`.
public struct SweepCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train with several seeds and settings, one after the other, and compare what comes of it.",
    discussion: """
      Every combination of the settings is trained with every seed, into a folder of its own. What is not swept is \
      given by the options of `train`, such as --model, --data and --epochs. The table tells mean and standard \
      deviation over the seeds, and which setting is best.

        lockstep sweep --seeds 0..4 --set learningRate=0.01,0.05 --set nesterov=true,false --epochs 5
        lockstep sweep --file sweep.yaml

      The file has lists of seeds and settings, and what all runs have:

        seeds: 0..4
        settings:
          learningRate: [0.01, 0.05]
          nesterov: [true, false]
        training:
          epochs: 5

      Ctrl-C finishes the step, saves, says how to go on, and ends with exit code 130.
      """)

  @Option(
    help: ArgumentHelp("The seeds, such as 0..4, or 0,1,7. (default: 0)", valueName: "seeds"))
  var seeds: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "An option of train and the values it is to have, with commas between, or semicolons where a value has commas; "
        + "may be given several times.", valueName: "name=values"))
  var settings: [String] = []

  @Option(
    help: ArgumentHelp(
      "A YAML file of seeds and settings; what the command line says besides wins.", valueName: "file"),
    completion: .modelFile)
  var file: String?

  @Option(
    help: ArgumentHelp(
      "The folder of all runs, which must not hold a sweep. (default: runs/sweep-<time>)", valueName: "folder"
    ),
    completion: .directory)
  var output: String?

  @Option(
    help: ArgumentHelp("Go on with a sweep that was stopped; finished runs are kept.", valueName: "folder"),
    completion: .directory)
  var resume: String?

  @Flag(help: "Print the summary as JSON on standard output and nothing else there.")
  var json = false

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("What train is to be told besides; see train --help.", valueName: "options of train"))
  var training: [String] = []

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// What contradicts itself is said before anything is read.
  public func validate() throws {
    guard resume != nil else { return }
    if seeds != nil || !settings.isEmpty || file != nil || output != nil || !training.isEmpty {
      throw ValidationError("--resume goes on with the sweep as it began: leave everything but --json out")
    }
  }

  /// Does what the command says.
  public func run() throws {
    let terminal = json ? Terminal.standardError : Terminal.standardOutput
    let folder = try resume.map(SweepFolder.init(resuming:)) ?? SweepFolder(beginning: plan(), output)
    Interruption.install()
    let outcomes = try SweepRunner(folder, terminal).run()
    let summary = SweepSummary(folder, outcomes)
    try summary.write(to: folder)
    if json {
      try Terminal.standardOutput.writeResult(JSON.encode(summary.document))
    } else {
      try terminal.writeResult("\n" + summary.text(on: terminal))
    }
    if outcomes.contains(where: { $0.status == .interrupted }) {
      terminal.write("go on     \(Program.lockstep) sweep --resume \(Program.quoted(folder.path))")
      throw ExitCode(Interruption.exitCode)
    }
    if outcomes.allSatisfy({ $0.status == .failed }) { throw CommandFailure("every run has failed") }
  }

  private func plan() throws -> SweepPlan {
    let file = try file.map { try SweepFile($0) }
    let own = try settings.map { try SweepSetting($0) }
    let ownNames = Set(own.map(\.name))
    let plan = try SweepPlan(
      seeds: try seeds.map { try SweepSeeds.read($0) } ?? file?.seeds ?? [0],
      settings: (file?.settings ?? []).filter { !ownNames.contains($0.name) } + own,
      training: (file?.training(without: training + ownNames.map { "--\($0)" }) ?? []) + training)
    try plan.check()
    return plan
  }
}
