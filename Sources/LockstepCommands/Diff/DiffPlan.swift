import Lockstep
import LockstepData
import LockstepReports
import LockstepSpecification

/// A search for differences, ready to begin: everything the options name is read and checked.
struct DiffPlan {
  /// Steps that are computed unless another number is asked for: with a translator some seconds or minutes.
  private static let standardStepCount = 25

  let search: DifferenceSearch
  let first: any Backend
  let second: any Backend
  let modelName: String
  let dataset: RunRecord.Dataset
  let stepsPerEpoch: Int

  /// Reads and checks what the options name, and starts the backends.
  ///
  /// - Parameter report: is given what the user should know besides, a line each.
  init(_ options: DiffOptions, report: (String) -> Void) throws {
    let sides = try BackendSide.pair(options.backends, threads: options.threads)
    let fault = try FaultSelection(options.faults)
    let steps = try Self.stepCount(options)
    if let path = options.report { try Self.check(report: path) }
    let specification = try options.subject.specification()
    var configuration = try specification.configuration(options)
    let data: ImageFolder
    (data, dataset) = try options.subject.load(report: report)
    try configuration.prepare(for: data.train, specification.training)
    let input: Shape = [data.train.height, data.train.width, data.train.channels]
    let classes = data.train.classNames.count
    _ = try specification.makeModel(classes: classes, input: input)
    let task = TrainingTask(data, configuration) {
      try specification.makeModel(classes: classes, input: input)
    }
    stepsPerEpoch = task.stepsPerEpoch
    search = DifferenceSearch(
      task, seed: options.seed, stepCount: steps ?? configuration.epochs * stepsPerEpoch,
      judgedStepCount: options.judgeSteps)
    modelName = specification.name
    first = try sides.first.makeBackend()
    let second = try sides.second.makeBackend()
    if let fault {
      Terminal.standardError.writeWarning(
        "the second backend is faulty on purpose (\(fault.fault.name)): \(fault.fault.summary)")
    }
    self.second = fault?.injected(into: second) ?? second
  }

  /// The number of steps, or nil where that of the epochs counts.
  private static func stepCount(_ options: DiffOptions) throws -> Int? {
    if options.judgeSteps < 1 {
      throw UsageError("--judge-steps must be at least 1, not \(options.judgeSteps)")
    }
    if let steps = options.steps {
      if options.epochs != nil { throw UsageError("give either --steps or --epochs") }
      guard steps >= 1 else { throw UsageError("--steps must be at least 1, not \(steps)") }
    }
    return options.epochs == nil ? options.steps ?? standardStepCount : nil
  }

  private static func check(report path: String) throws {
    do {
      try ReportFile.checkDocument(path)
    } catch {
      throw UsageError("\(error)")
    }
  }
}

extension ModelSpecification {
  /// How to train: the options, else the model file's settings, else the defaults.
  fileprivate func configuration(_ options: DiffOptions) throws -> TrainingConfiguration {
    var result = training.configuration
    result.epochs = options.epochs ?? result.epochs
    options.step.apply(to: &result)
    result.seed = options.seed
    if let problem = result.problem { throw UsageError(problem) }
    return result.operationByOperation
  }
}
