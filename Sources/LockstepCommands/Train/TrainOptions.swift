import ArgumentParser
import Lockstep

/// The options of `train`; what is not given is the model file's or the default.
///
/// Numbers are parsed unconditionally: `--learning-rate -1` is to hear of the -1, not of a missing value.
struct TrainOptions: ParsableArguments {
  @OptionGroup var computing: BackendOptions

  @OptionGroup var subject: SubjectOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many times all images are seen.", valueName: "number"))
  var epochs: Int?

  @OptionGroup var step: StepOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of the last step that is kept, from 0 to below 1.", valueName: "number"))
  var momentum: Double?

  @Flag(inversion: .prefixedNo, help: "Take the gradient after the momentum's step (Nesterov).")
  var nesterov: Bool?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of the weights added to their gradient.", valueName: "number"))
  var weightDecay: Double?

  @OptionGroup var optimizing: OptimizerOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of the target spread over all classes, 0 to 1.", valueName: "number"))
  var labelSmoothing: Double?

  @OptionGroup var augmentation: AugmentationOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Initial weights, order and dropout are a function of it. (default: 0)", valueName: "number"))
  var seed: UInt64?

  @Flag(
    inversion: .prefixedNo,
    help: "Compute a convolution and its bias, ReLU and max pool as one operation.")
  var fusion: Bool?

  @Option(
    help: ArgumentHelp(
      "How convolutions are computed: direct, winograd where it is possible, or auto, where it is faster. "
        + "(default: auto)", valueName: "algorithm"), transform: convolutionChoice)
  var convolution: ConvolutionChoice?

  @Option(
    help: ArgumentHelp(
      "The run's folder, which must not hold a run. (default: runs/<model>-<time>)", valueName: "folder"))
  var output: String?

  @Option(help: ArgumentHelp("Go on with a run that was stopped.", valueName: "run"))
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Stop after a time, such as 90s, 10m or 1.5h, so that --resume can go on.", valueName: "time"))
  var timeLimit: String?

  @Flag(
    help: ArgumentHelp(
      "Check every matrix product and convolution, and stop at a result that no rounding explains; as with "
        + "--no-fusion --convolution direct."))
  var check = false

  @Flag(
    inversion: .prefixedNo, help: "Draw loss and accuracy, curves.svg and curves.png, into the run's folder.")
  var curves = true

  @Flag(help: "Print the run record as JSON on standard output and nothing else there.")
  var json = false

  @Flag(help: "Print only errors, and the record under --json.")
  var quiet = false

  @OptionGroup var profiling: ProfileOptions

  @OptionGroup var events: TensorBoardOptions

  @OptionGroup var faults: FaultOptions

  /// Whether single operations are looked at or made faulty, so that each has to be one of its own.
  var needsSingleOperations: Bool { check || faults.injectFault != nil }

  /// Traps are for programs: what contradicts itself is said first.
  func validate() throws {
    guard needsSingleOperations else { return }
    let cause = check ? "--check" : "--inject-fault"
    if fusion == true {
      throw ValidationError("\(cause) needs operations one by one: leave --fusion out")
    }
    if let convolution, convolution != .direct {
      throw ValidationError("\(cause) needs convolutions as they are defined: leave --convolution out")
    }
  }

  /// The options that say where a run is and what it is made of, with whether they were given: they can't be given
  /// with `--resume`.
  var placingOptions: [(name: String, isGiven: Bool)] {
    [
      ("--model", subject.model != nil), ("--output", output != nil),
      ("--validation-split", subject.images.validationSplit != nil),
      ("--resize", subject.images.resize != nil),
      ("--channels", subject.images.channels != nil),
    ] + augmentation.measuredOptions
  }

  /// Puts what was given into a configuration.
  ///
  /// - Throws: ``UsageError`` for options that contradict each other.
  func apply(to result: inout TrainingConfiguration) throws {
    try optimizing.defaults().apply(to: &result)
    let optimizer = result.optimization.optimizer
    if optimizer != .sgd, momentum != nil || nesterov != nil {
      throw UsageError(
        "\(momentum != nil ? "--momentum" : "--nesterov") is for sgd; \(optimizer.name) has numbers of its own, "
          + "see docs/training.md")
    }
    result.epochs = epochs ?? result.epochs
    step.apply(to: &result)
    result.momentum = momentum ?? result.momentum
    result.nesterov = nesterov ?? result.nesterov
    result.weightDecay = weightDecay ?? result.weightDecay
    result.labelSmoothing = labelSmoothing ?? result.labelSmoothing
    result.augmentation = augmentation.augmentation(over: result.augmentation)
    result.seed = seed ?? result.seed
    result.fusesOperations = fusion ?? result.fusesOperations
    result.convolution = convolution ?? result.convolution
    result.optimization.checkpointInterval =
      optimizing.checkpointEvery ?? result.optimization.checkpointInterval
    if needsSingleOperations { result = result.operationByOperation }
    if let problem = result.problem { throw UsageError(problem) }
  }
}

private func convolutionChoice(_ name: String) throws -> ConvolutionChoice {
  guard let choice = ConvolutionChoice(rawValue: name) else {
    throw ValidationError("'\(name)' is no algorithm; there are direct, winograd and auto")
  }
  return choice
}
