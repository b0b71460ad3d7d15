public import ArgumentParser
import Lockstep
import LockstepCore
import LockstepData
import LockstepTraining

/// `lockstep evaluate RUN`.
public struct EvaluateCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure a trained model on test images.")

  @Argument(
    help: ArgumentHelp("The folder of a run, such as runs/digits-cnn-20260101T120000.", valueName: "run"))
  var runPath: String

  @OptionGroup var options: RunOptions

  @Option(help: ArgumentHelp("Images to measure on, if not the run's: its test part.", valueName: "folder"))
  var data: String?

  @Flag(help: "Decode images while they are measured on, instead of keeping all in memory.")
  var stream = false

  @Flag(help: "Print the result as JSON.")
  var json = false

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
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
    let result = try evaluate(
      trained.model, on: images.test, normalization: record.configuration.normalization,
      device: trained.device)
    if json {
      let report = EvaluationReport(
        run: runPath, weights: trained.weightsFile, data: path, digest: "\(images.digest)", loss: result.loss,
        accuracy: result.accuracy, correct: result.correctCount, count: result.count)
      try Terminal.standardOutput.writeResult(JSON.encode(report))
    } else {
      try Terminal.standardOutput.writeResult(
        "\(path): test accuracy \(NumberFormat.fixed(result.accuracy, 4)) (\(result.correctCount) of "
          + "\(result.count)), test loss \(NumberFormat.fixed(result.loss, 4))")
    }
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
}
