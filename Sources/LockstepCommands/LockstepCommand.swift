public import ArgumentParser
import Lockstep

/// `lockstep`.
public struct LockstepCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "lockstep",
    abstract: "Train image classifiers on CPUs, and find out why a training differs on another machine.",
    discussion: """
      Without options, `lockstep train` trains a small net on the digits of the repository; `lockstep help train` \
      explains it. Shells complete commands, options and names \
      with this, and zsh and fish likewise; `scripts/install` sets that up, and manual pages:

        source <(lockstep --generate-completion-script bash)
      """,
    version: LockstepVersion.current,
    subcommands: [
      TrainCommand.self, EvaluateCommand.self, PredictCommand.self, InspectCommand.self, SweepCommand.self,
      CompareCommand.self,
      DiffCommand.self,
      ExplainCommand.self, BackendsCommand.self, BenchCommand.self, DoctorCommand.self, DatasetCommand.self,
      ConvertCommand.self, ExportCommand.self,
    ])

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}
}
