import Foundation
import Lockstep
import Testing

/// The settings of `TrainingConfiguration.optimization`, in whole trainings.
@Suite("How a training moves its weights")
struct OptimizationTests {
  private static let train = TinyTraining.images(10)
  private static let test = TinyTraining.images(9, split: .test, seed: 2)
  /// A rate so small that float32 weights stay what they are.
  private static let still = 1e-30

  /// What the reports say.
  private final class Log: TrainingObserver {
    var steps: [StepReport] = []
    var epochs: [EpochReport] = []
    func stepDidEnd(_ report: StepReport, _ trainer: Trainer) { steps.append(report) }
    func epochDidEnd(_ report: EpochReport, _ trainer: Trainer) { epochs.append(report) }
  }

  /// Without dropout, whose masks depend on the batches.
  private static func model() -> Sequential {
    Sequential {
      Flatten()
      Dense(5, activation: .tanh)
      Dense(3)
    }
  }

  private static func settings(_ change: (inout OptimizationSettings) -> Void) -> OptimizationSettings {
    var result = OptimizationSettings()
    change(&result)
    return result
  }

  /// A training from beginning to end.
  @discardableResult
  private static func fit(
    _ configuration: TrainingConfiguration, on device: Device = referenceDevice(), _ log: Log = Log(),
    model: Sequential = model()
  ) throws -> (trainer: Trainer, result: TrainingResult) {
    let trainer = try TinyTraining.trainer(configuration, on: device, model: model)
    return (trainer, try trainer.fit(train, test: test, observers: [log]))
  }

  private static func values(_ trainer: Trainer, _ name: String) throws -> [Float] {
    try #require(trainer.state.first { $0.name == name }).parameter.value.scalars(as: Float.self)
  }

  @Test(
    "batches that share a step make the step of the large batch, to rounding", arguments: TestBackend.allCases
  )
  func accumulation(backend: TestBackend) throws {
    let device = try backend.makeDevice()
    let large = Log()
    let small = Log()
    let whole = try Self.fit(
      .init(epochs: 3, batchSize: 6, learningRate: 0.3, weightDecay: 0.01), on: device, large
    ).trainer
    // Batches of 2, 2, 2 and 2, 2: the last step of an epoch has fewer.
    let shared = try Self.fit(
      .init(
        epochs: 3, batchSize: 2, learningRate: 0.3, weightDecay: 0.01,
        optimization: Self.settings { $0.accumulatedBatches = 3 }), on: device, small
    ).trainer
    #expect(large.steps.count == 6 && small.steps.count == 15)
    #expect(shared.optimizer.stepCount == 6 && whole.optimizer.stepCount == 6)
    for named in whole.parameters {
      for (one, other) in zip(try Self.values(whole, named.name), try Self.values(shared, named.name)) {
        #expect(abs(one - other) < 2e-6, "\(named.name)")
      }
    }
    // The norm of the batch that ends a step is the large batch's.
    for (one, other) in zip(large.steps, small.steps.filter { $0.batch == 3 || $0.batch == 5 }) {
      #expect(abs(one.gradientNorm - other.gradientNorm) < 2e-6)
    }
  }

  @Test("the learning rate of every step is the schedule's, of the optimizer's steps")
  func schedule() throws {
    let log = Log()
    // Three steps an epoch of two, two and one batch: twelve in all, of which the first three warm up.
    try Self.fit(
      .init(
        epochs: 4, batchSize: 2, learningRate: 0.1,
        optimization: Self.settings {
          $0.accumulatedBatches = 2
          $0.warmup = Warmup(length: 1, factor: 0.25)
          $0.schedule = .cosine()
        }), log)
    let wave: [Double] = (0..<9).map { step in 0.05 * (1 + cos(Double.pi * Double(step) / 9)) }
    let rates: [Double] = [0.025, 0.05, 0.075] + wave
    let wanted: [Double] = (0..<20).map { batch in rates[batch / 5 * 3 + batch % 5 / 2] }
    #expect(log.steps.count == 20)
    for (report, rate) in zip(log.steps, wanted) {
      #expect(abs(report.learningRate - rate) < 1e-15, "step \(report.step)")
    }
  }

  @Test("a cycle moves momentum, too")
  func cycle() throws {
    let trainer = try Self.fit(
      .init(
        epochs: 1, batchSize: 5, learningRate: 0.1, optimization: Self.settings { $0.schedule = .oneCycle() })
    ).trainer
    let rule = try #require(trainer.optimizer.rule as? SGD)
    #expect(rule.momentum == 0.95 && abs(rule.learningRate - 0.1 / 25 / 1e4) < 1e-15)
  }

  @Test("the rate falls when nothing gets better")
  func plateau() throws {
    let log = Log()
    var reduction = PlateauReduction()
    (reduction.factor, reduction.patience) = (0.5, 1)
    // Nothing is ever better.
    (reduction.thresholdMode, reduction.threshold) = (.absolute, 100)
    try Self.fit(
      .init(
        epochs: 6, batchSize: 10, learningRate: 0.4,
        optimization: Self.settings { $0.schedule = .plateau(reduction) }), log)
    #expect(log.steps.map(\.learningRate) == [0.4, 0.4, 0.4, 0.2, 0.2, 0.1])
  }

  @Test(
    "what is frozen stays bit for bit, statistics too, and the rest learns", arguments: TestBackend.allCases)
  func freezing(backend: TestBackend) throws {
    let model = Sequential {
      Flatten()
      Dense(5)
      BatchNorm()
      Dense(3)
    }
    let device = try backend.makeDevice()
    let trainer = try TinyTraining.trainer(
      .init(
        epochs: 2, batchSize: 4, weightDecay: 0.1,
        optimization: Self.settings { $0.frozen = ["layers.1", "layers.2.*"] }),
      on: device, model: model)
    let before = try trainer.state.map { try $0.parameter.value.scalars(as: Float.self) }
    try trainer.fit(Self.train, test: Self.test)
    for (named, values) in zip(trainer.state, before) {
      let isFrozen = !named.name.hasPrefix("layers.3")
      #expect(try (named.parameter.value.scalars(as: Float.self) == values) == isFrozen, "\(named.name)")
    }
    #expect(trainer.parameters.map(\.name) == ["layers.3.weight", "layers.3.bias"])
    #expect(Set(trainer.optimizer.state.keys) == ["layers.3.weight", "layers.3.bias"])
  }

  @Test("a group's weights have its learning rate and weight decay")
  func groups() throws {
    let trainer = try Self.fit(
      .init(
        epochs: 1, batchSize: 10, learningRate: 0.5, momentum: 0,
        optimization: Self.settings {
          $0.groups = [
            ParameterGroup(["layers.1"], learningRateFactor: 0),
            ParameterGroup(["*.bias"], learningRateFactor: 2),
          ]
        })
    ).trainer
    let plain = try Self.fit(.init(epochs: 1, batchSize: 10, learningRate: 0.5, momentum: 0)).trainer
    let start = try TinyTraining.trainer(.init(), on: referenceDevice(), model: Self.model())
    #expect(try Self.values(trainer, "layers.1.weight") == Self.values(start, "layers.1.weight"))
    #expect(try Self.values(trainer, "layers.2.weight") == Self.values(plain, "layers.2.weight"))
    // Biases begin at 0, and the later group decides.
    for name in ["layers.1.bias", "layers.2.bias"] {
      #expect(try Self.values(trainer, name) == Self.values(plain, name).map { $0 * 2 }, "\(name)")
    }
  }

  @Test("a gradient that is too long is shortened, and the report has its length before")
  func clipping() throws {
    let log = Log()
    let start = try TinyTraining.trainer(.init(), on: referenceDevice(), model: Self.model())
    let trainer = try Self.fit(
      .init(
        epochs: 1, batchSize: 10, learningRate: 1, momentum: 0,
        optimization: Self.settings { $0.clipping.norm = 0.125 }), log
    ).trainer
    let moved = try trainer.parameters.flatMap { named in
      zip(try Self.values(start, named.name), try Self.values(trainer, named.name)).map { Double($0 - $1) }
    }
    #expect(abs(moved.map { $0 * $0 }.reduce(0, +).squareRoot() - 0.125) < 1e-5)
    #expect(log.steps[0].gradientNorm > 0.2)
  }

  @Test("a training with an average is judged by it, and keeps its own weights")
  func average() throws {
    let log = Log()
    let configuration = TrainingConfiguration(
      epochs: 3, batchSize: 4, learningRate: 0.3, optimization: Self.settings { $0.averageDecay = 0.5 })
    let trainer = try Self.fit(configuration, log).trainer
    var plain = configuration
    plain.optimization.averageDecay = nil
    #expect(try trainer.weights == Self.fit(plain).trainer.weights)
    let judged = try #require(trainer.average).withAverage(trainer.state) {
      try evaluate(trainer.model, on: Self.test, device: trainer.device)
    }
    #expect(log.epochs.last?.averageTest == judged && judged != log.epochs.last?.test)
    var best: Evaluation?
    for report in log.epochs {
      let average = try #require(report.averageTest)
      let isBetter =
        best.map { (average.correctCount, -average.loss) > ($0.correctCount, -$0.loss) } ?? true
      #expect(report.isBest == isBetter)
      if isBetter { best = average }
    }
    #expect(trainer.position.best == best)
  }

  @Test("a training that gets no better ends after its patience", arguments: [Metric.loss, .accuracy])
  func earlyStopping(metric: Metric) throws {
    let log = Log()
    let (trainer, result) = try Self.fit(
      .init(
        epochs: 20, batchSize: 4, learningRate: Self.still,
        optimization: Self.settings { $0.earlyStopping = EarlyStopping(patience: 3, metric: metric) }), log)
    #expect(log.epochs.count == 4)
    #expect(result.isFinished && result.isStoppedEarly && trainer.isStoppedEarly)
    let again = try trainer.fit(Self.train, test: Self.test)
    #expect(again.epochs.isEmpty && again.isStoppedEarly, "it is over")
  }

  @Test("a training that gets better goes on to its end")
  func noEarlyStopping() throws {
    let (_, result) = try Self.fit(
      .init(
        epochs: 8, batchSize: 10, learningRate: 0.05, momentum: 0,
        optimization: Self.settings { $0.earlyStopping = EarlyStopping(patience: 1) }))
    #expect(result.epochs.count == 8 && result.isFinished && !result.isStoppedEarly)
  }

  @Test("by loss, the best epoch has the lowest one, whatever it has right")
  func bestByLoss() throws {
    let log = Log()
    try Self.fit(
      .init(
        epochs: 25, batchSize: 5, learningRate: 0.9, momentum: 0.8, seed: 1,
        optimization: Self.settings { $0.bestMetric = .loss }), log, model: TinyTraining.model())
    var least = Double.infinity
    for report in log.epochs {
      #expect(report.isBest == (report.test.loss < least))
      least = min(least, report.test.loss)
    }
    #expect(Set(log.epochs.dropFirst().map(\.isBest)).count == 2, "the case is never met")
  }

  @Test("a step that is undone for its loss leaves optimizer, average and what was added up")
  func undone() throws {
    let configuration = TrainingConfiguration(
      epochs: 1, batchSize: 2,
      optimization: Self.settings {
        $0.optimizer = .adam()
        $0.averageDecay = 0.5
        $0.accumulatedBatches = 2
      })
    let trainer = try TinyTraining.trainer(configuration, on: referenceDevice(), model: Self.model())
    try trainer.fit(Self.train, test: Self.test, shouldStop: { trainer.position.step >= 3 })
    let before = try TrainingCheckpoint(of: trainer).fileContents
    let bias = trainer.parameters[1].parameter
    let value = bias.value
    bias.value = value + Float.nan
    #expect(throws: TrainingError.self) { try trainer.fit(Self.train, test: Self.test) }
    bias.value = value
    #expect(try TrainingCheckpoint(of: trainer).fileContents == before)
  }

  @Test("every optimizer learns", arguments: ["sgd", "adam", "adamW", "rmsProp", "adagrad", "lion"])
  func optimizers(name: String) throws {
    let kinds: [String: OptimizerKind] = [
      "sgd": .sgd, "adam": .adam(), "adamW": .adamW(), "rmsProp": .rmsProp(momentum: 0.5),
      "adagrad": .adagrad(),
      "lion": .lion(),
    ]
    let log = Log()
    try Self.fit(
      .init(
        epochs: 40, batchSize: 5, learningRate: name == "adagrad" ? 0.1 : 0.02,
        optimization: Self.settings { $0.optimizer = kinds[name]! }), log)
    #expect(log.epochs.last!.loss < log.epochs.first!.loss / 2)
  }
}
