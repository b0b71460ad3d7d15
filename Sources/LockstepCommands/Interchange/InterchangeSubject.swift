import ArgumentParser
import Lockstep
import LockstepData
import LockstepSpecification

/// The options that say whose weights a file holds.
struct InterchangeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The model of a safetensors file: a run, or a YAML file. (default: the source, if that is a run)",
      valueName: "model"), completion: .file())
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many classes the model of a YAML file has.", valueName: "number"))
  var classes: Int?

  @Option(
    help: ArgumentHelp(
      "The shape of an image, height, width and channels, such as 28x28x1. (default: the run's, or the YAML file's)",
      valueName: "shape"))
  var input: String?

  @Option(
    help: ArgumentHelp(
      "Which weights of a run: final, best, last. (default: final, or last of a stopped run)",
      valueName: "weights"), completion: .list(["final", "best", "last"]))
  var weights: String?
}

/// A model, and the file its weights are in.
struct InterchangeSubject {
  let name: String
  let model: Sequential
  let input: Shape
  let classNames: [String]
  let weightsFile: String
  /// How samples from 0 to 1 are normalised before the model sees them; nil if they are not, or by numbers that only a
  /// run has.
  let normalization: Normalization?

  /// Finds both; the source is a run or a safetensors file.
  init(_ source: String, _ options: InterchangeOptions) throws {
    let run = RunFolder(source)
    if run.holdsRun, options.model == nil {
      let record = try RunRecord(in: run)
      try self.init(run, record, options, run.weightsFile(options.weights, record))
    } else {
      guard options.weights == nil else {
        throw UsageError("--weights is for a run, and \(source) is none")
      }
      guard let model = options.model else {
        throw UsageError("\(source) is no run: name the model with --model, a run or a YAML file")
      }
      let run = RunFolder(model)
      if run.holdsRun {
        try self.init(run, RunRecord(in: run), options, source)
      } else {
        try self.init(yaml: model, options, source)
      }
    }
  }

  /// Reads the weights.
  func readWeights() throws -> ModelWeights {
    do {
      return try ModelWeights(file: weightsFile)
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  private init(_ run: RunFolder, _ record: RunRecord, _ options: InterchangeOptions, _ weights: String) throws
  {
    guard options.classes == nil, options.input == nil else {
      throw UsageError("--classes and --input are for a YAML file; the run in \(run.path) knows its own")
    }
    let specification = try ModelSpecification(contentsOf: run.model)
    name = specification.name
    input = Shape(record.model.inputShape)
    classNames = record.dataset.classNames
    model = try specification.makeModel(classes: classNames.count, input: input)
    normalization = record.configuration.normalization
    weightsFile = weights
  }

  private init(yaml file: String, _ options: InterchangeOptions, _ weights: String) throws {
    let specification = try ModelSpecification(contentsOf: file)
    guard let classes = options.classes else {
      throw UsageError("say how many classes the model in \(file) has: --classes")
    }
    guard (1...1 << 20).contains(classes) else {
      throw UsageError("--classes must be at least 1, not \(classes)")
    }
    let given = try options.input.map { text in
      let sizes = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      guard sizes.count <= 3, sizes.allSatisfy({ $0 != nil && (1...1 << 20).contains($0!) }) else {
        throw UsageError("--input takes a shape such as 28x28x1, not '\(text)'")
      }
      return Shape(sizes.map { $0! })
    }
    guard let input = given ?? specification.input else {
      throw UsageError("say what images the model in \(file) takes: --input, such as 28x28x1")
    }
    name = specification.name
    self.input = input
    classNames = []
    model = try specification.makeModel(classes: classes, input: input)
    switch specification.training.normalization {
    case .given(let numbers)?: normalization = numbers
    case .measured?:
      Terminal.standardError.write(
        "note: \(file) normalises images by what it measures, which a run has: give the model images that are "
          + "normalised, or name the run with --model")
      normalization = nil
    case .some(.none), nil: normalization = nil
    }
    let channels = input.rank == 3 ? input[2] : 0
    if let problem = normalization?.problem(channels: channels) {
      throw CommandFailure("\(file): \(problem)")
    }
    weightsFile = weights
  }
}
