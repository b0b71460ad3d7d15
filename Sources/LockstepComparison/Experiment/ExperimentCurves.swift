import LockstepBackends
import LockstepCore
import LockstepTraining

/// The part that trains seeds and holds the curves against each other.
extension Experiment {
  /// What the engine that trains a second time is called.
  private static let again = "native, again"

  /// Trains the seeds everywhere, and judges what matters.
  func trainSeeds(
    _ engines: EngineSelection, _ deadline: Deadline, _ report: @escaping (String) -> Void
  ) throws -> String? {
    let experiment = CurveExperiment(
      task: task, seeds: settings.seeds, workbench: workbench, deadline: deadline, report: report)
    record.curves = try experiment.run(requests(engines))
    judgeCurves(engines)
    let cut = record.curves.filter(\.isCut)
    return cut.isEmpty
      ? nil
      : "fewer steps than wanted: "
        + cut.map { "\($0.engine) \($0.shortest) of \($0.wantedSteps)" }.joined(separator: ", ")
  }

  /// Whole trainings are wanted of the engines that are compared; of others, such as twins, only the beginning.
  /// The translated ones are slow and what it is all about: they get most.
  private func requests(_ engines: EngineSelection) -> [CurveExperiment.Request] {
    func request(
      _ engine: Engine, name: String? = nil, isWhole: Bool = false, weight: Double = 1
    ) -> CurveExperiment.Request {
      .init(engine: engine, name: name ?? engine.name, isWhole: isWhole, weight: weight)
    }
    let own = [
      request(engines.native, isWhole: true), request(engines.native, name: Self.again),
      request(engines.ownKernels),
    ]
    let all =
      own + [engines.control].compactMap { $0.map { request($0, isWhole: true) } }
      + engines.emulated.map { request($0, isWhole: true, weight: 8) } + engines.twins.map { request($0) }
    return all.filter { workbench.runs($0.engine) }
  }

  private func judgeCurves(_ engines: EngineSelection) {
    func curves(_ name: String?) -> EngineCurves? {
      name.flatMap { name in record.curves.first { $0.engine == name } }
    }
    let native = curves(engines.native.name)
    let control = curves(engines.control?.name)
    var pairs: [(CurveJudgement.Role, EngineCurves?, EngineCurves?)] = [
      (.repetition, native, curves(Self.again)), (.protocol, native, curves(engines.ownKernels.name)),
      (.dispatch, native, control),
    ]
    for emulated in engines.emulated.map({ curves($0.name) }) {
      pairs += [(.translation, control, emulated), (.total, native, emulated)]
    }
    let twins = engines.twins.compactMap { curves($0.name) }
    record.comparisons = pairs.compactMap { role, first, second in
      guard let first, let second else { return nil }
      return CurveJudgement(
        role, first, second, twins: role == .dispatch || role == .total ? twins : [], in: record)
    }
  }
}
