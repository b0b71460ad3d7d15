public import ArgumentParser
import Lockstep
import LockstepTraining
import LockstepReports

/// `lockstep predict RUN IMAGE…`.
public struct PredictCommand: ParsableCommand {
  /// Images that are classified together, and told of together.
  private static let batchSize = 256

  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Name the most likely classes of images.",
    discussion: """
      A folder stands for all PNG files in it. Those in folders named as the model's classes are taken to be of \
      that class: their predictions are judged, and the wrong ones marked.
      """)

  @Argument(
    help: ArgumentHelp("The folder of a run, such as runs/digits-cnn-20260101T120000.", valueName: "run"),
    completion: .directory)
  var runPath: String

  @Argument(
    help: ArgumentHelp(
      "PNG files of the size the model was trained on, or folders of them.", valueName: "image"),
    completion: .file(extensions: ["png"]))
  var images: [String]

  @OptionGroup var options: RunOptions

  @Flag(help: "Bring images of another size to the model's.")
  var resize = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many classes are named for an image. (default: 3)", valueName: "number"))
  var top: Int?

  @Option(
    help: ArgumentHelp(
      "Draw a contact sheet, .svg or .png: every image with its class and probability, wrong ones marked.",
      valueName: "file"), completion: .file(extensions: ["png", "svg"]))
  var sheet: String?

  @OptionGroup var printing: ResultOptions

  @Flag(help: "Print the result as comma-separated values.")
  var csv = false

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    let form = try outputForm()
    if let sheet {
      try ReportFile.checkPlot(sheet)
      try OutputFile.check(sheet)
    }
    let trained = try TrainedModel(runPath, options)
    let classifier = try trained.classifier(resizes: resize)
    var failures = 0
    func fail(_ message: String) {
      failures += 1
      Terminal.standardError.writeError(message)
    }
    let files = ImageList(images, classNames: classifier.classNames, fail: fail).files
    let predictions = try predict(files, classifier, fail: fail)
    if let text = form.text(of: predictions, on: .standardOutput) {
      try Terminal.standardOutput.writeResult(text)
    }
    if let sheet, !predictions.isEmpty {
      let drawing = try PredictionSheet(predictions, of: runPath).drawn(with: classifier)
      try ReportFile.write(drawing, to: sheet)
      Terminal.standardError.write("contact sheet: \(sheet)")
    }
    if failures > 0 { throw ExitCode(1) }
  }

  private func outputForm() throws -> PredictionOutput {
    if printing.json && csv { throw UsageError("--json and --csv are two forms of one output: choose one") }
    let top = top ?? 3
    guard top >= 1 else { throw UsageError("--top must be at least 1, not \(top)") }
    return PredictionOutput(form: printing.json ? .json : csv ? .csv : .table, top: top)
  }

  /// Reads and classifies images, as many at a time as are fast; what can't be used is reported and left out.
  private func predict(
    _ files: [ImageList.File], _ classifier: Classifier, fail: (String) -> Void
  ) throws -> [FilePrediction] {
    var results: [FilePrediction] = []
    var rest = files[...]
    while !rest.isEmpty {
      var readable: [(file: ImageList.File, image: Classifier.FittedImage)] = []
      for file in rest.prefix(Self.batchSize) {
        do {
          readable.append((file, try classifier.image(file: file.path)))
        } catch {
          fail("\(error)" + (error.isAboutSize ? "; --resize brings it to that" : ""))
        }
      }
      let predictions = try classifier.predict(readable.map(\.image))
      results += zip(readable, predictions).map { FilePrediction(file: $0.file, prediction: $1) }
      rest = rest.dropFirst(Self.batchSize)
    }
    return results
  }
}

/// What is thought of a file.
struct FilePrediction {
  let file: ImageList.File
  let prediction: Prediction

  /// Whether the likeliest class is the file's; nil where that is not known.
  var isRight: Bool? { file.label.map { $0 == prediction.name } }
}
