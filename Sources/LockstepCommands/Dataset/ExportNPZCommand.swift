public import ArgumentParser
import LockstepData

/// `lockstep dataset export-npz DATA --output FILE`.
public struct ExportNPZCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "export-npz", abstract: "Write a folder of PNG files as one .npz file for NumPy.",
    discussion: """
      The file holds x_train, y_train, x_test and y_test, as Keras's data sets do, and class_names. Images are \
      uint8 [count, height, width], with a last dimension of channels if there is more than one.

        lockstep dataset export-npz datasets/digits --output digits.npz
        python3 -c 'import numpy; print(numpy.load("digits.npz")["x_train"].shape)'
      """)

  @OptionGroup var source: DatasetArgument

  @Option(
    help: ArgumentHelp("The file to write; one that is there is replaced.", valueName: "file"),
    completion: .file(extensions: ["npz"]))
  var output: String

  @OptionGroup var images: ImageOptions

  @OptionGroup var written: WrittenFilesOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    try OutputFile.check(output)
    let folder = try Dataset.load(
      source.data, try images.datasetOptions(), report: Terminal.standardError.write)
    try folder.writeNPZ(to: output)
    try written.write([
      WrittenFile(
        path: output,
        content: "\(folder.train.count) training and \(folder.test.count) test images of "
          + "\(folder.train.height)x\(folder.train.width)x\(folder.train.channels) in "
          + "\(folder.train.classNames.count) classes",
        counts: [
          "trainingImages": folder.train.count, "testImages": folder.test.count,
          "classes": folder.train.classNames.count,
        ])
    ])
  }
}
