import Lockstep

/// What computes the trainings that the verdicts are measured on.
struct CalibrationEngine {
  /// The name in the table.
  let name: String
  /// The mistake that is made on purpose, if any.
  let fault: Fault?
  private let make: (UInt64) throws -> any Backend

  /// Kernels of this machine that round differently and are all right, and noise of one unit in the last place.
  ///
  /// Which of them differ depends on the CPU; those it can't run are left out.
  static var healthy: [CalibrationEngine] {
    let levels = NativeBackend.availableISALevels
    let inProcess = levels.reversed().map { level in
      CalibrationEngine(name: "native, \(level)", fault: nil) { _ in
        try NativeBackend(threads: 1, isaLevel: level)
      }
    }
    let cores = [
      ("Prescott", "scalar"), ("Core2", "scalar"), ("Nehalem", "x86-64-v2"), ("Sandybridge", "x86-64-v2"),
      ("Haswell", "x86-64-v3"), ("SkylakeX", "x86-64-v4"),
    ]
    let workers = cores.filter { levels.contains($0.1) }.map { core, level in
      CalibrationEngine(name: "\(core), \(level)", fault: nil) { _ in
        try EmulatedBackend(translator: .none, profile: .kernels(core: core, isaLevel: level), threads: 1)
      }
    }
    return inProcess + workers + [faulty(.ulpNoise)]
  }

  /// The native backend with a mistake.
  static func faulty(_ fault: Fault) -> CalibrationEngine {
    CalibrationEngine(name: fault.name, fault: fault.isTwin ? nil : fault) { seed in
      FaultInjectingBackend(try NativeBackend(threads: 1), fault, seed: seed)
    }
  }

  /// The training of each seed; nil if this machine does not run the engine.
  func curves(seeds: Range<UInt64>) throws -> [LossCurve]? {
    // Noise is a function of the seed; everything else may be shared by the seeds.
    let isShared = fault == nil && name != Fault.ulpNoise.name
    let shared: (any Backend)?
    do {
      shared = isShared ? try make(0) : nil
    } catch {
      return nil
    }
    return try seeds.map { seed in
      let device = Device(try shared ?? make(seed))
      return try CalibrationTraining(seed: seed, on: device).curve(name)
    }
  }
}

/// A small convolutional net on some of the digits: 5 epochs of 8 steps.
private struct CalibrationTraining {
  let trainer: Trainer

  init(seed: UInt64, on device: Device) throws {
    let model = Sequential {
      Conv2D(8, kernel: 3, padding: .same, activation: .relu)
      Flatten()
      Dense(32, activation: .relu)
      Dense(10)
    }
    _ = try model.build(input: [8, 8, 1])
    model.initialize(seed: seed, on: device)
    let configuration = TrainingConfiguration(
      epochs: 5, batchSize: 32, learningRate: 0.05, momentum: 0.9, seed: seed)
    trainer = Trainer(model, configuration.operationByOperation, on: device)
  }

  func curve(_ name: String) throws -> LossCurve {
    let steps = StepCollector()
    try trainer.fit(DigitsTraining.train, test: DigitsTraining.test, observers: [steps])
    return LossCurve(
      "\(name), seed \(trainer.configuration.seed)", seed: trainer.configuration.seed,
      steps: steps.reports.map(\.step), losses: steps.reports.map { Double($0.loss) },
      epochs: steps.reports.map(\.epoch))
  }
}

/// Keeps every step's report.
private final class StepCollector: TrainingObserver {
  var reports: [StepReport] = []

  func stepDidEnd(_ report: StepReport, _ trainer: Trainer) { reports.append(report) }
}
