public import ArgumentParser
import Lockstep
import LockstepData

/// `lockstep dataset info DATA`.
public struct DatasetInfoCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show what is in a folder of images.",
    discussion: """
      Classes and how many images each has; size, channels, mean and deviation; the digest that run.json records; \
      files that can't be used, and why; images that are there more than once, those in both parts first of all.
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder with train/<class>/*.png and test/<class>/*.png, or with <class>/*.png.", valueName: "folder"),
    completion: .directory)
  var data: String

  @OptionGroup var images: ImageOptions

  @Flag(help: "Decode images one after the other, instead of keeping all in memory.")
  var stream = false

  @Flag(help: "Print the result as JSON.")
  var json = false

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    var options = try images.datasetOptions()
    options.isStreamed = stream
    let facts = try DatasetFacts(try ImageFolder.load(data, options: options), path: data)
    let terminal = Terminal.standardOutput
    try terminal.writeResult(json ? JSON.encode(facts) : facts.text(on: terminal))
  }
}
