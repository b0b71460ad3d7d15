import ArgumentParser
import Lockstep
import LockstepSpecification

/// The options of `train` that say how the weights are moved; what is not given is the model file's or the default.
struct OptimizerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What moves the weights: sgd, adam, adamw, rmsprop, adagrad or lion, with numbers of its own behind it, such "
        + "as adamw,beta2=0.99. (default: sgd)", valueName: "name"),
    completion: .list(["sgd", "adam", "adamw", "rmsprop", "adagrad", "lion"]))
  var optimizer: String?

  @Option(
    help: ArgumentHelp(
      "The course of the learning rate: constant, step, multiStep, exponential, cosine, oneCycle or plateau, with "
        + "numbers of its own behind it, such as step,every=5,gamma=0.5. (default: constant)",
      valueName: "name"),
    completion: .list(["constant", "step", "multiStep", "exponential", "cosine", "oneCycle", "plateau"]))
  var schedule: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Epochs in which the learning rate rises at first.", valueName: "number"))
  var warmupEpochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps in which it rises, instead of epochs.", valueName: "number"))
  var warmupSteps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of the rate it rises from. (default: 0.01)", valueName: "number"))
  var warmupFactor: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Shorten gradients whose norm is larger.", valueName: "number"))
  var clipNorm: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Bring every element of the gradients to at most this.", valueName: "number"))
  var clipValue: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Batches that share a step, as one large batch. (default: 1)", valueName: "number"))
  var accumulate: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keep an average of the weights, of which this share stays in a step, such as 0.999.",
      valueName: "number"))
  var ema: Double?

  @Option(
    help: ArgumentHelp(
      "Don't train what matches, such as 'layers.0.*'; may be given several times.", valueName: "pattern"))
  var freeze: [String] = []

  @Option(
    help: ArgumentHelp(
      "Settings of some weights, such as 'parameters=*.bias,weightDecay=0' or learningRateFactor; may be given "
        + "several times.", valueName: "settings"))
  var group: [String] = []

  @Flag(inversion: .prefixedNo, help: "Use weight decay on biases, scales and offsets too.")
  var biasDecay: Bool?

  @Option(
    help: ArgumentHelp(
      "What makes an epoch the best one: accuracy or loss. (default: accuracy)", valueName: "metric"),
    completion: .list(["accuracy", "loss"]))
  var bestBy: String?

  @Option(
    help: ArgumentHelp(
      "Stop when nothing gets better: patience=5, with metric=accuracy and minimumChange=0.001 if wanted.",
      valueName: "settings"))
  var earlyStopping: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Save what --resume goes on from after so many steps, besides after every epoch.", valueName: "steps"))
  var checkpointEvery: Int?

  /// What the options ask for, nil where they ask for nothing.
  ///
  /// - Throws: ``UsageError`` for a text that can't be understood.
  func defaults() throws -> OptimizationDefaults {
    if warmupEpochs != nil && warmupSteps != nil {
      throw UsageError("a warm-up has --warmup-epochs or --warmup-steps, not both")
    }
    var result = OptimizationDefaults()
    result.optimizer = try optimizer.map { try read("--optimizer", $0, OptionText.optimizer) }
    result.schedule = try schedule.map { try read("--schedule", $0, OptionText.schedule) }
    (result.warmupEpochs, result.warmupSteps) = (warmupEpochs, warmupSteps)
    result.warmupFactor = warmupFactor
    (result.clipNorm, result.clipValue) = (clipNorm, clipValue)
    (result.accumulate, result.ema) = (accumulate, ema)
    result.freeze = freeze.isEmpty ? nil : freeze.map { PathPattern($0) }
    let groups = try group.map { try read("--group", $0, OptionText.group) }
    result.groups = groups.isEmpty ? nil : groups
    result.biasDecay = biasDecay
    result.bestBy = try bestBy.map { text in
      guard let metric = Metric(rawValue: text) else {
        throw UsageError("--best-by must be accuracy or loss, not '\(text)'")
      }
      return metric
    }
    result.earlyStopping = try earlyStopping.map {
      try read("--early-stopping", $0, OptionText.earlyStopping)
    }
    return result
  }

  private func read<T>(
    _ option: String, _ text: String, _ parse: (String) throws(OptionTextError) -> T
  ) throws -> T {
    do throws(OptionTextError) {
      return try parse(text)
    } catch {
      throw UsageError("\(option): \(error)")
    }
  }
}
