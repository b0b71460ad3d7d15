import Lockstep
import LockstepData
import LockstepSpecification

/// An experiment, ready to begin: everything the options name is read and checked.
struct ExplainPlan {
  let settings: ExperimentSettings
  let task: TrainingTask
  let record: ExperimentRecord

  /// Reads and checks what the options name; writes nothing.
  ///
  /// - Parameter report: is given what the user should know besides, a line each.
  init(_ options: ExplainOptions, report: (String) -> Void) throws {
    settings = try ExperimentSettings(options)
    let specification = try options.subject.specification()
    var configuration = specification.training.configuration.operationByOperation
    if let problem = configuration.problem { throw UsageError(problem) }
    let (data, dataset) = try options.subject.load(report: report)
    try configuration.prepare(for: data.train, specification.training)
    let input: Shape = [data.train.height, data.train.width, data.train.channels]
    let classes = data.train.classNames.count
    let model = try specification.makeModel(classes: classes, input: input)
    let smooth = specification.smooth
    let makeSmoothModel: (@Sendable () throws -> Sequential)? =
      if let smooth { { try smooth.makeModel(classes: classes, input: input) } } else { nil }
    task = TrainingTask(
      data, configuration, makeModel: { try specification.makeModel(classes: classes, input: input) },
      makeSmoothModel: makeSmoothModel)
    record = ExperimentRecord(
      model: .init(
        name: specification.name, inputShape: input.dimensions, parameterCount: model.parameterCount),
      configuration: configuration, dataset: dataset, settings: settings)
  }
}

extension ModelSpecification {
  /// The model with smooth functions in the place of those that decide; nil if there are none.
  var smooth: ModelSpecification? {
    let text = source.replacing("relu", with: "tanh").replacing("maxPool2D", with: "averagePool2D")
    return text == source ? nil : try? ModelSpecification(text, file: file)
  }
}

extension ExperimentSettings {
  private static let seedLimit = 100

  /// Reads the options.
  ///
  /// - Throws: ``UsageError`` for what is unknown or makes no sense.
  fileprivate init(_ options: ExplainOptions) throws {
    guard (1...Self.seedLimit).contains(options.seeds) else {
      throw UsageError("--seeds must be between 1 and \(Self.seedLimit), not \(options.seeds)")
    }
    let emulated = try BackendSelection(emulating: options)
    let translator = emulated.translator ?? .qemu
    let isDefault = options.translator == nil
    self.init(
      seeds: (0..<UInt64(options.seeds)).map { $0 },
      budgetSeconds: try TimeBudget(options.budget).seconds, profile: emulated.profile ?? .rosetta2Launch,
      translators: isDefault && emulated.choice == .emulatedX86 ? [translator, .valgrind] : [translator],
      threads: emulated.threads)
  }
}

extension BackendSelection {
  /// The emulated backend that the profile is for.
  fileprivate init(emulating options: ExplainOptions) throws {
    let profile = options.cpuProfile.flatMap(CPUProfile.init(named:))
    let choice = BackendChoice.allCases.first {
      $0.defaultTranslator != nil && $0.defaultProfile?.architecture == profile?.architecture
    }
    var selected = BackendOptions()
    selected.backend = (choice ?? .emulatedX86).rawValue
    selected.threads = options.threads
    selected.translator = options.translator
    selected.cpuProfile = options.cpuProfile
    try self.init(selected)
  }
}
