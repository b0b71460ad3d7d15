public import ArgumentParser
import LockstepData

/// `lockstep dataset import-npz FILE --output FOLDER`.
public struct ImportNPZCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "import-npz",
    abstract: "Turn a .npz file of images, as Keras's, into a folder of PNG files.",
    discussion: """
      The file holds x_train, y_train, x_test and y_test: images as uint8 [count, height, width] or [count, \
      height, width, channels], labels as whole numbers. Pickled objects are refused. The folder appears when it \
      is complete.

        lockstep dataset import-npz mnist.npz --output datasets/mnist
      """)

  @Argument(help: ArgumentHelp("The file.", valueName: "file"), completion: .file(extensions: ["npz"]))
  var file: String

  @OptionGroup var imported: ImportedFolderOption

  @Option(
    help: ArgumentHelp(
      "The classes' names with commas between, label 0 first. (default: the file's class_names, or the labels)",
      valueName: "names"))
  var classes: String?

  @OptionGroup var written: WrittenFilesOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    let names = ImportedFolderOption.classNames(classes)
    let folder = try imported.path()
    let dataset = try NumPyDatasetImport(file: file, classNames: names)
    try dataset.write(to: folder)
    let counts = dataset.counts
    let classCount = dataset.classNames.count
    try written.write([
      WrittenFile(
        path: folder,
        content: "\(counts.train) training and \(counts.test) test images in \(classCount) classes",
        counts: ["trainingImages": counts.train, "testImages": counts.test, "classes": classCount])
    ])
  }
}
