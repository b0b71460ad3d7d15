import Lockstep
import LockstepData
import LockstepSpecification

/// A training, ready to begin: everything the options name is read, checked and put together, before anything
/// is written.
struct TrainingPlan {
  let folder: RunFolder
  let data: ImageFolder
  let summary: ModelSummary
  let trainer: Trainer
  /// What checks the training, if that was asked for.
  let sentinel: SentinelBackend?
  /// What takes down where its time goes, if that was asked for.
  let profile: Profile?
  let record: RunRecord

  /// A profile, and what it comes to.
  struct Profile {
    let profiler: TrainingProfiler
    /// Where the trace goes.
    let file: String
    /// Training images a second without a profile, if there were enough steps to tell.
    let unprofiledSpeed: Double?
  }

  /// Reads and checks what the options name, and makes the run's folder.
  ///
  /// - Parameter report: is given what the user should know besides, a line each.
  init(_ options: TrainOptions, report: (String) -> Void) throws {
    self =
      try options.resume.map { try TrainingPlan(resuming: $0, options, report: report) }
      ?? TrainingPlan(beginning: options, report: report)
  }

  private init(beginning options: TrainOptions, report: (String) -> Void) throws {
    let backend = try BackendSelection(options.computing)
    let fault = try FaultSelection(options.faults)
    let profile = try ProfileSelection(options.profiling)
    let folder = try options.output.map { try RunFolder.unused($0) }
    let specification = try options.subject.specification()
    var configuration = specification.training.configuration
    try options.apply(to: &configuration)
    let (data, dataset) = try options.subject.load(report: report)
    try configuration.prepare(for: data.train, specification.training, options.augmentation)

    let input: Shape = [data.train.height, data.train.width, data.train.channels]
    let model = try specification.makeModel(classes: data.train.classNames.count, input: input)
    summary = try model.summary(input: input)
    if let problem = configuration.problem(with: model) { throw UsageError(problem) }
    if let fault { Terminal.standardError.writeWarning(fault.warning) }
    let computing = try TrainingBackend(backend, fault, isChecked: options.check, profile)
    let device = Device(computing.backend)
    sentinel = computing.sentinel
    model.initialize(seed: configuration.seed, on: device)
    trainer = Trainer(model, configuration, on: device)
    self.data = data
    var record = RunRecord(
      model: .init(
        name: specification.name, inputShape: input.dimensions, parameterCount: summary.parameterCount),
      configuration: configuration, dataset: dataset, backend: device.backend.descriptor,
      initialWeightsDigest: "\(try ModelWeights(of: trainer.state).digest)")
    let sampler = BatchSampler(
      count: data.train.count, batchSize: configuration.batchSize, seed: configuration.seed)
    record.batchOrderDigest = "\(sampler.digest(epoch: 0))"
    if backend.choice != .native {
      record.nativeImagesPerSecond = try TrainingSpeed.measure(
        specification, data, trainer.configuration, on: NativeBackend(threads: backend.threads))
    }
    record.isProfiled = profile == nil ? nil : true
    self.record = record
    self.folder = folder ?? RunFolder.new(named: specification.name)
    self.profile = try Profile(
      computing.profiler, profile, self.folder,
      unprofiled: { try TrainingBackend(backend, fault, isChecked: options.check, nil).backend },
      speed: { [trainer] in
        try TrainingSpeed.measure(specification, data, trainer.configuration, on: $0)
      })
    try options.events.prepare()
    try self.folder.create(model: specification.source)
  }

  private init(resuming run: String, _ options: TrainOptions, report: (String) -> Void) throws {
    folder = RunFolder(run)
    var record = try RunRecord(in: folder)
    let backend = try BackendSelection(options.computing, resuming: record.backend)
    let fault = try FaultSelection(options.faults, recorded: record.backend.fault)
    let profile = try ProfileSelection(options.profiling)
    let execution = record.configuration.execution
    record.configuration = try record.configuration.resumed(run, with: options)
    if record.configuration.execution != execution {
      report("note: from here on operations are computed one by one, so that each can be looked at")
    }
    let specification = try ModelSpecification(contentsOf: folder.model)
    let path = options.subject.data ?? record.dataset.path
    var datasetOptions = DatasetOptions(record, isStrict: options.subject.images.strict)
    datasetOptions.isStreamed = options.subject.stream
    data = try Dataset.load(path, datasetOptions, report: report)
    guard "\(data.digest)" == record.dataset.digest else {
      throw CommandFailure("\(path) is not what \(run) was trained on: its images have changed")
    }
    let input = Shape(record.model.inputShape)
    let model = try specification.makeModel(classes: data.train.classNames.count, input: input)
    summary = try model.summary(input: input)
    if let problem = record.configuration.problem(with: model) { throw CommandFailure(problem) }
    if let fault { Terminal.standardError.writeWarning(fault.warning) }
    let computing = try TrainingBackend(backend, fault, isChecked: options.check, profile)
    let device = Device(computing.backend)
    sentinel = computing.sentinel
    model.initialize(seed: record.configuration.seed, on: device)
    trainer = Trainer(model, record.configuration, on: device)
    try TrainingCheckpoint(file: folder.checkpoint).restore(trainer)
    try record.requireMore(run, trainer)
    let (before, after) = (record.backend, device.backend.descriptor)
    if !after.hasSameArithmetic(as: before) {
      report("note: up to here the run was computed by \(before.summary); it goes on with \(after.summary)")
    }
    record.backend = after
    if profile != nil { record.isProfiled = true }
    self.record = record
    let (data, configuration) = (self.data, record.configuration)
    self.profile = try Profile(
      computing.profiler, profile, folder,
      unprofiled: { try TrainingBackend(backend, fault, isChecked: options.check, nil).backend },
      speed: { try TrainingSpeed.measure(specification, data, configuration, on: $0) })
    try options.events.prepare()
    try folder.create()
  }
}

extension TrainingPlan.Profile {
  /// Measures what a training without the profile does, so that the profile's own cost can be told.
  fileprivate init?(
    _ profiler: TrainingProfiler?, _ selection: ProfileSelection?, _ folder: RunFolder,
    unprofiled: () throws -> any Backend, speed: (any Backend) throws -> Double?
  ) throws {
    guard let profiler, let selection else { return nil }
    self.profiler = profiler
    file = selection.file(folder)
    unprofiledSpeed = try speed(try unprofiled())
  }
}
