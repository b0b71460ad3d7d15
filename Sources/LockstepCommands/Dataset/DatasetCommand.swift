public import ArgumentParser

/// `lockstep dataset`.
public struct DatasetCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "dataset", abstract: "Look at folders of images to train on, check them, and make them.",
    subcommands: [
      DatasetInfoCommand.self, DatasetVerifyCommand.self, DatasetPreviewCommand.self,
      ImportIDXCommand.self, ImportNPZCommand.self,
      ExportNPZCommand.self,
    ])

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}
}
