import ArgumentParser
import Lockstep
import LockstepData
import LockstepSpecification

/// The options that say what is trained on what: a model, and images brought to a size.
struct SubjectOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The images: a folder with train/<class>/*.png and test/<class>/*.png, or with <class>/*.png. (default: datasets/digits)",
      valueName: "folder"), completion: .directory)
  var data: String?

  @Option(
    help: ArgumentHelp("The model, a YAML file. (default: models/digits-cnn.yaml)", valueName: "file"),
    completion: .modelFile)
  var model: String?

  @OptionGroup var images: ImageOptions

  @Flag(
    help: ArgumentHelp(
      "Decode images while they are trained on, every epoch anew, instead of keeping all in memory."))
  var stream = false

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
    var options = try self.images.datasetOptions()
    options.isStreamed = stream
    let images = try Dataset.load(path, options, report: report)
    return (images, Dataset.describe(images, path: path, validationSplit: self.images.validationSplit))
  }
}
