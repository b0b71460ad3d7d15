public import ArgumentParser
import Lockstep

/// `lockstep`.
public struct LockstepCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "lockstep",
    abstract: "Train image classifiers on CPUs, and find out why a training differs on another machine.",
    version: LockstepVersion.current,
    subcommands: [
      TrainCommand.self, EvaluateCommand.self, PredictCommand.self, InspectCommand.self, CompareCommand.self,
      DiffCommand.self,
      ExplainCommand.self, BackendsCommand.self, BenchCommand.self, DoctorCommand.self, DatasetCommand.self,
    ])

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}
}
