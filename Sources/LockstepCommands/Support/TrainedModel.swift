import ArgumentParser
import Lockstep
import LockstepSpecification

/// Options of the commands that use a run's model.
struct RunOptions: ParsableArguments {
  @OptionGroup var computing: BackendOptions

  @Option(
    help: ArgumentHelp(
      "Which weights: final, best, last, or a safetensors file. (default: final, or last of a stopped run)",
      valueName: "weights"))
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

extension RunFolder {
  fileprivate func weightsFile(_ name: String?, _ record: RunRecord) -> String {
    switch name {
    case nil: record.status == .finished ? finalWeights : lastWeights
    case "final": finalWeights
    case "best": bestWeights
    case "last": lastWeights
    case .some(let file): file
    }
  }
}
