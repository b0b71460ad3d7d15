public import ArgumentParser

/// `lockstep dataset`.
public struct DatasetCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "dataset", abstract: "Make folders of images to train on, and files of them.",
    subcommands: [ImportIDXCommand.self, ImportNPZCommand.self, ExportNPZCommand.self])

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}
}
