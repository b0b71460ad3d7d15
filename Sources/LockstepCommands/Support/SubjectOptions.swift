import ArgumentParser
import Lockstep
import LockstepData
import LockstepSpecification

/// The options that say what is trained on what: a model, and images brought to a size.
struct SubjectOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The images: a folder with train/<class>/*.png and test/<class>/*.png, or with <class>/*.png. (default: datasets/digits)",
      valueName: "folder"))
  var data: String?

  @Option(
    help: ArgumentHelp("The model, a YAML file. (default: models/digits-cnn.yaml)", valueName: "file"))
  var model: String?

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

  /// Reads the model's file.
  func specification() throws -> ModelSpecification {
    try ModelSpecification(
      contentsOf: model ?? Program.shipped("models/digits-cnn.yaml", option: "--model"))
  }

  /// Reads the images.
  ///
  /// - Parameter report: is told of files that could not be used, a line each.
  /// - Returns: the images, and what a run record says of them.
  func load(report: (String) -> Void) throws -> (images: ImageFolder, description: RunRecord.Dataset) {
    let path = try data ?? Program.shipped("datasets/digits", option: "--data")
    let images = try Dataset.load(path, try datasetOptions(), report: report)
    return (images, Dataset.describe(images, path: path, validationSplit: validationSplit))
  }

  private func datasetOptions() throws -> DatasetOptions {
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
