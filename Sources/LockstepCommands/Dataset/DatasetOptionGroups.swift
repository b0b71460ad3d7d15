import ArgumentParser
import LockstepData

/// The folder of images that a command is about.
struct DatasetArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A folder with train/<class>/*.png and test/<class>/*.png, or with <class>/*.png.", valueName: "folder"),
    completion: .directory)
  var data: String
}

/// How a folder of images is looked at, and what is found printed.
struct DatasetReadingOptions: ParsableArguments {
  @OptionGroup var images: ImageOptions

  @Flag(help: "Decode images one after the other, instead of keeping all in memory.")
  var stream = false

  @OptionGroup var printing: ResultOptions
}

/// The folder of images that a command makes of files.
struct ImportedFolderOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The folder to make, which must not be there.", valueName: "folder"),
    completion: .directory)
  var output: String

  /// Where it is, without a slash at its end.
  ///
  /// - Throws: ``UsageError`` for a path that is empty.
  func path() throws -> String {
    let folder = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
    guard !folder.isEmpty else { throw UsageError("--output needs a folder") }
    return folder
  }

  /// The names of a list with commas between; nil of none.
  static func classNames(_ list: String?) -> [String]? {
    list?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}
