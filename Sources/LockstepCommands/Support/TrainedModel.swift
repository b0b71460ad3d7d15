import ArgumentParser
import Lockstep
import LockstepData
import LockstepSpecification

/// Options of the commands that use a run's model.
struct RunOptions: ParsableArguments {
  @OptionGroup var computing: BackendOptions

  @Option(
    help: ArgumentHelp(
      "Which weights: final, best, last, ema (the average), or a safetensors file. (default: final, or last of a "
        + "stopped run)", valueName: "weights"), completion: .file(extensions: ["safetensors"]))
  var weights: String?
}

/// The model of a run, with its weights, on a device.
struct TrainedModel {
  let record: RunRecord
  let model: Sequential
  let device: Device
  let weightsFile: String

  init(_ run: String, _ options: RunOptions) throws {
    let backend = try BackendSelection(options.computing)
    let folder = RunFolder(run)
    record = try RunRecord(in: folder)
    let specification = try ModelSpecification(contentsOf: folder.model)
    let input = Shape(record.model.inputShape)
    model = try specification.makeModel(classes: record.dataset.classNames.count, input: input)
    _ = try model.build(input: input)
    device = try backend.makeDevice()
    weightsFile = folder.weightsFile(options.weights, record)
    try ModelWeights(file: weightsFile).load(into: model.state, on: device)
  }
}

extension TrainedModel {
  /// The model as one that can be asked about images.
  ///
  /// - Parameter resizes: whether images of another size are brought to the model's.
  func classifier(resizes: Bool) throws -> Classifier {
    let shape = record.model.inputShape
    guard let channels = PNGImage.Channels(rawValue: shape[2]) else {
      throw CommandFailure("the model takes \(shape[2]) channels, which no PNG has")
    }
    var classifier = Classifier(
      model, classNames: record.dataset.classNames, size: ImageSize(width: shape[1], height: shape[0]),
      channels: channels, on: device)
    classifier.resizes = resizes
    classifier.normalization = record.configuration.normalization
    return classifier
  }
}

extension RunFolder {
  /// The file that an option such as `--weights best` names.
  func weightsFile(_ name: String?, _ record: RunRecord) -> String {
    switch name {
    case nil: record.status == .finished ? finalWeights : lastWeights
    case "final": finalWeights
    case "best": bestWeights
    case "last": lastWeights
    case "ema": averageWeights
    case .some(let file): file
    }
  }
}
