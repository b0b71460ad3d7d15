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

  @OptionGroup var source: DatasetArgument

  @OptionGroup var reading: DatasetReadingOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    var options = try reading.images.datasetOptions()
    options.isStreamed = reading.stream
    let facts = try DatasetFacts(try ImageFolder.load(source.data, options: options), path: source.data)
    let terminal = Terminal.standardOutput
    try terminal.writeResult(reading.printing.json ? JSON.encode(facts) : facts.text(on: terminal))
  }
}
