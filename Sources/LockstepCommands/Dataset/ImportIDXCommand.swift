public import ArgumentParser
import LockstepData

/// `lockstep dataset import-idx IMAGES LABELS --output FOLDER`.
public struct ImportIDXCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "import-idx", abstract: "Turn a pair of IDX files, as MNIST's, into a folder of PNG files.",
    discussion: """
      Every image becomes <folder>/<class>/NNNNN.png, named by its place in the file of images. The folder \
      appears when it is complete. Training and test images are a pair of files each, for <folder>/train and \
      <folder>/test:

        lockstep dataset import-idx images.gz labels.gz --output mnist/train
      """)

  @Argument(
    help: ArgumentHelp("The file of images, plain or in gzip.", valueName: "images"), completion: .file())
  var images: String

  @Argument(
    help: ArgumentHelp("The file of labels, plain or in gzip.", valueName: "labels"), completion: .file())
  var labels: String

  @OptionGroup var imported: ImportedFolderOption

  @Option(
    help: ArgumentHelp(
      "The classes' names with commas between, label 0 first. (default: the labels)", valueName: "names"))
  var classes: String?

  @OptionGroup var written: WrittenFilesOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    let names = ImportedFolderOption.classNames(classes)
    let folder = try imported.path()
    let files = try IDXImport(images: images, labels: labels, classNames: names)
    try files.write(to: folder)
    try written.write([
      WrittenFile(
        path: folder, content: "\(files.count) images of \(files.size) in \(files.classNames.count) classes",
        counts: ["images": files.count, "classes": files.classNames.count])
    ])
  }
}
