import LockstepBackends
import LockstepCore
import LockstepTraining

/// The parts. Each puts its result into the record, and gives a remark on what is missing, if anything is.
extension Experiment {
  /// Starts every engine, so that what is missing is known before anything is measured.
  func startEngines(_ engines: EngineSelection, _ report: (String) -> Void) -> String? {
    for engine in engines.all {
      report(engine.name)
      _ = workbench.runs(engine)
    }
    record.engines = workbench.records
    let missing = record.engines.filter { !$0.didStart }
    return missing.isEmpty ? nil : "not here: \(missing.map(\.name).joined(separator: ", "))"
  }

  /// Measures step times and works out the factors, for each translator.
  func measureTime(_ engines: EngineSelection, _ deadline: Deadline) throws -> String? {
    let line = [engines.native, engines.ownKernels] + [engines.control].compactMap(\.self)
    var measurement = TimeMeasurement(task, seed: settings.seeds[0], on: workbench, until: deadline)
    let times = try measurement.measure((line + engines.emulated).filter(workbench.runs))
    let untranslated = [engines.native, engines.ownKernels, engines.control].map { $0.flatMap { times[$0] } }
    let translators = settings.translators.filter { times[.worker($0, settings.profile)] != nil }
    record.times =
      translators.isEmpty
      ? [TimeFactors(stages: untranslated + [nil], translator: nil)]
      : translators.map {
        TimeFactors(stages: untranslated + [times[.worker($0, settings.profile)]], translator: $0.name)
      }
    record.times.removeAll { $0.total == nil }
    guard let fewest = record.times.compactMap(\.total?.ratio.counts.first).min() else {
      return "there was no time for two engines to do a few steps each"
    }
    return fewest < 3
      ? "only \(fewest) repetitions: the intervals are wide" : nil
  }

  /// Fills the square for the translator the report is about.
  func fillSquare(_ engines: EngineSelection, _ deadline: Deadline) throws -> String? {
    let others = CPUProfile.all.filter {
      $0.architecture == settings.profile.architecture && $0 != settings.profile
    }
    guard engines.control != nil else { return "the profile's kernels do not run untranslated here" }
    guard let other = others.contains(.avx2) ? .avx2 : others.first else {
      return "there is no other profile"
    }
    let runs = settings.translators.first { workbench.runs(.worker($0, settings.profile)) }
    let experiment = SquareExperiment(
      task: task, seed: settings.seeds[0], workbench: workbench, deadline: deadline)
    let square = try experiment.run(runs ?? settings.translators[0], settings.profile, other)
    record.square = square
    return square.cells.count < 4 ? "only \(square.cells.count) of four cells could be computed" : nil
  }

  /// Does the numerical experiments.
  func studyMechanisms(
    _ native: BackendDescriptor, _ deadline: Deadline, _ report: @escaping (String) -> Void
  ) throws -> String? {
    let bench = MechanismBench(
      workbench, native: native, profile: settings.profile, translators: settings.translators, report: report)
    let findings = try MechanismExperiments(bench).run(until: deadline)
    record.mechanisms = findings
    return findings.missing.isEmpty ? nil : "no time for: \(findings.missing.joined(separator: ", "))"
  }

  /// Sees how roundings grow, with and without functions that decide.
  func watchChaos(_ engines: EngineSelection, _ deadline: Deadline) throws -> String? {
    let others = [engines.control].compactMap(\.self) + engines.twins
    guard let other = others.first(where: workbench.runs) else { return "there are no other kernels here" }
    let experiment = ChaosExperiment(task: task, workbench: workbench, deadline: deadline)
    record.chaos = try experiment.run(engines.native, other)
    guard let chaos = record.chaos else { return "there was no time for a training with two sets of kernels" }
    if task.makeSmoothModel == nil { return "the model has no ReLU and no max pool to be replaced" }
    return chaos.smooth == nil ? "there was no time for the smooth model" : nil
  }

  /// Counts how many seeds fail on which engine, near the largest learning rate that works.
  func countFailures(
    _ engines: EngineSelection, _ deadline: Deadline, _ report: @escaping (String) -> Void
  ) throws -> String? {
    let experiment = DivergenceExperiment(task, on: workbench, until: deadline, report: report)
    let quick = [engines.native] + [engines.control].compactMap(\.self) + engines.twins
    record.divergence = try experiment.run(
      quick: quick.filter(workbench.runs),
      slow: engines.emulated.filter(workbench.runs).map { ($0, engines.control) })
    return record.divergence == nil
      ? "there was no time to find the learning rate at which trainings begin to fail, or there is none" : nil
  }
}
