import ArgumentParser
import LockstepData

/// The options that say how a folder of images is read.
struct ImageOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of images to test on, for a folder without train and test.", valueName: "number"))
  var validationSplit: Double?

  @Option(help: ArgumentHelp("Bring all images to a size, such as 28x28.", valueName: "size"))
  var resize: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Samples of a pixel: 1 gray, 3 colour, 4 with transparency. (default: what the images have)",
      valueName: "number"))
  var channels: Int?

  @Flag(help: "Take a file that is no good PNG for an error instead of skipping it.")
  var strict = false

  /// The options, as the library takes them.
  func datasetOptions() throws -> DatasetOptions {
    var options = DatasetOptions(validationSplit: validationSplit, isStrict: strict)
    if let resize {
      guard let size = ImageSize(resize) else {
        throw UsageError("--resize takes a size such as 28x28, not '\(resize)'")
      }
      options.resize = size
    }
    if let channels {
      guard let known = PNGImage.Channels(rawValue: channels) else {
        throw UsageError("--channels must be 1, 3 or 4, not \(channels)")
      }
      options.channels = known
    }
    return options
  }
}
