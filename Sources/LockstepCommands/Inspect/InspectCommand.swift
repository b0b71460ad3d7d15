public import ArgumentParser
import Lockstep
import LockstepCore
import LockstepData
import LockstepTraining

/// `lockstep inspect PATH`.
public struct InspectCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is in a run's folder, or in a file of weights.",
    discussion: """
      Of a run: what was trained on what, how it went, what came of it, and how to go on. Of a safetensors file: \
      every tensor with its shape, type, extremes, mean, standard deviation and norm, and what is not finite.
      """)

  @Argument(
    help: ArgumentHelp(
      "The folder of a run, or a safetensors file such as its final.safetensors.", valueName: "path"),
    completion: .file())
  var path: String

  @OptionGroup var printing: ResultOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    let terminal = Terminal.standardOutput
    if Folder.isFolder(path) {
      let run = try InspectedRun(RunFolder(path))
      try terminal.writeResult(printing.json ? run.json : run.text(on: terminal))
    } else {
      let weights = try InspectedWeights(file: path)
      try terminal.writeResult(printing.json ? weights.json : weights.text(on: terminal))
    }
  }
}
