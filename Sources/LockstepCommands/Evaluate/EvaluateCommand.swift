public import ArgumentParser
import Lockstep
import LockstepCore
import LockstepData
import LockstepReports
import LockstepTraining

/// `lockstep evaluate RUN`.
public struct EvaluateCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure a trained model on test images.",
    discussion: """
      Accuracy and loss; precision, recall and F1 of each class; how often the right class is among the \
      likeliest; how far the model's confidence is from its accuracy; what is taken for what.
      """)

  @Argument(
    help: ArgumentHelp("The folder of a run, such as runs/digits-cnn-20260101T120000.", valueName: "run"))
  var runPath: String

  @OptionGroup var options: RunOptions

  @Option(help: ArgumentHelp("Images to measure on, if not the run's: its test part.", valueName: "folder"))
  var data: String?

  @Flag(help: "Decode images while they are measured on, instead of keeping all in memory.")
  var stream = false

  @Option(
    help: ArgumentHelp(
      "Draw what images of each class are taken for, .svg or .png.", valueName: "file"),
    completion: .file(extensions: ["png", "svg"]))
  var confusion: String?

  @Flag(help: "Print accuracy and loss alone, in one line.")
  var brief = false

  @OptionGroup var printing: ResultOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    if let confusion {
      try ReportFile.checkPlot(confusion)
      try OutputFile.check(confusion)
    }
    let trained = try TrainedModel(runPath, options)
    let record = trained.record
    let path = data ?? record.dataset.path
    var datasetOptions = DatasetOptions(record, isStrict: false)
    datasetOptions.isStreamed = stream
    if data != nil {
      // How the run's own folder was brought to the model's size and split says nothing about another one.
      datasetOptions.resize = nil
      datasetOptions.validationSplit = nil
    }
    let images = try Dataset.load(path, datasetOptions, report: Terminal.standardError.write)
    try check(images, path, record)
    let metrics = try measure(
      trained.model, on: images.test, normalization: record.configuration.normalization,
      device: trained.device)
    let classNames = record.dataset.classNames
    if let confusion {
      let chart = ConfusionChart(metrics, classNames: classNames, title: "Confusion matrix of \(runPath)")
      try ReportFile.write(chart, to: confusion)
    }
    if printing.json {
      try Terminal.standardOutput.writeResult(
        JSON.encode(EvaluationReport(metrics, of: runPath, trained, images, in: path)))
    } else {
      try Terminal.standardOutput.writeResult(text(metrics, classNames, path))
    }
  }

  private func text(_ metrics: ClassificationMetrics, _ classNames: [String], _ path: String) -> String {
    let result = metrics.evaluation
    let line =
      "\(path): test accuracy \(NumberFormat.fixed(result.accuracy, 4)) (\(result.correctCount) of "
      + "\(result.count)), test loss \(NumberFormat.fixed(result.loss, 4))"
    guard !brief else { return line }
    let terminal = Terminal.standardOutput
    let tables = MetricsText(metrics, classNames: classNames).text(
      width: terminal.tableWidth, style: terminal.textStyle)
    return "\(line)\n\n\(tables)"
  }

  private func check(_ images: ImageFolder, _ path: String, _ record: RunRecord) throws {
    let found = [images.test.height, images.test.width, images.test.channels]
    guard found == record.model.inputShape else {
      throw CommandFailure("images in \(path) are \(found), the model takes \(record.model.inputShape)")
    }
    guard images.test.classNames == record.dataset.classNames else {
      throw CommandFailure(
        "\(path) has the classes \(images.test.classNames.joined(separator: ", ")), the model knows "
          + record.dataset.classNames.joined(separator: ", "))
    }
    if data == nil && "\(images.digest)" != record.dataset.digest {
      Terminal.standardError.write("note: the images in \(path) have changed since the run")
    }
  }
}

/// What `evaluate --json` prints.
private struct EvaluationReport: Encodable {
  let run: String
  let weights: String
  let data: String
  let digest: String
  let loss: Double
  let accuracy: Double
  let correct: Int
  let count: Int
  let metrics: RunMetrics

  init(
    _ metrics: ClassificationMetrics, of run: String, _ trained: TrainedModel, _ images: ImageFolder,
    in path: String
  ) {
    self.run = run
    weights = trained.weightsFile
    data = path
    digest = "\(images.digest)"
    loss = metrics.evaluation.loss
    accuracy = metrics.evaluation.accuracy
    correct = metrics.evaluation.correctCount
    count = metrics.evaluation.count
    self.metrics = RunMetrics(metrics, classNames: trained.record.dataset.classNames)
  }
}
