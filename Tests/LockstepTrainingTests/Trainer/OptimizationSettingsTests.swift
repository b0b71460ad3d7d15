import Foundation
import Lockstep
import Testing

@Suite("Settings of how weights are moved")
struct OptimizationSettingsTests {
  private static func problem(
    epochs: Int = 10, _ change: (inout OptimizationSettings) -> Void
  ) -> String? {
    var configuration = TrainingConfiguration(epochs: epochs)
    change(&configuration.optimization)
    return configuration.problem
  }

  @Test("all of them read back from JSON as they were")
  func roundTrip() throws {
    var reduction = PlateauReduction()
    reduction.patience = 3
    var cycle = OneCycle()
    cycle.annealing = .linear
    let optimizers: [OptimizerKind] = [
      .sgd, .adam(beta1: 0.8), .adamW(amsgrad: true), .rmsProp(centered: true), .adagrad(), .lion(),
    ]
    let schedules: [LearningRateSchedule] = [
      .constant, .step(every: 3), .multiStep(milestones: [1, 5]), .exponential(gamma: 0.9),
      .cosine(length: 4),
      .oneCycle(cycle), .plateau(reduction),
    ]
    for (index, schedule) in schedules.enumerated() {
      var settings = OptimizationSettings()
      settings.optimizer = optimizers[index % optimizers.count]
      settings.schedule = schedule
      settings.warmup = Warmup(length: 2, unit: .step, factor: 0.5)
      settings.clipping = GradientClipping(norm: 1, value: 2)
      settings.accumulatedBatches = 4
      settings.averageDecay = 0.99
      settings.frozen = ["layers.0.*"]
      settings.groups = [ParameterGroup(["*.bias"], learningRateFactor: 2, weightDecay: 0)]
      settings.decaysVectors = false
      settings.bestMetric = .loss
      settings.earlyStopping = EarlyStopping(patience: 5, metric: .accuracy, minimumChange: 0.5)
      settings.checkpointInterval = 100
      let configuration = TrainingConfiguration(optimization: settings)
      let text = try JSONEncoder().encode(configuration)
      #expect(try JSONDecoder().decode(TrainingConfiguration.self, from: text) == configuration)
      #expect(!String(decoding: text, as: UTF8.self).contains("_0"))
    }
  }

  @Test("a record of before there were such settings has the defaults")
  func older() throws {
    let text = """
      {"epochs": 1, "batchSize": 2, "learningRate": 0.5, "momentum": 0, "nesterov": false, "weightDecay": 0,
       "labelSmoothing": 0, "seed": 1}
      """
    let configuration = try JSONDecoder().decode(TrainingConfiguration.self, from: Data(text.utf8))
    #expect(configuration.optimization == OptimizationSettings())
    let partly = text.replacing(
      "\"seed\": 1", with: "\"seed\": 1, \"optimization\": {\"accumulatedBatches\": 3}")
    var wanted = OptimizationSettings()
    wanted.accumulatedBatches = 3
    #expect(
      try JSONDecoder().decode(TrainingConfiguration.self, from: Data(partly.utf8)).optimization == wanted)
  }

  @Test("what makes no sense is named")
  func problems() {
    #expect(Self.problem { _ in } == nil)
    #expect(
      Self.problem { $0.accumulatedBatches = 0 } == "a step needs the gradients of at least 1 batch, not 0")
    #expect(
      Self.problem { $0.averageDecay = 1 }
        == "the decay of the average must be at least 0 and below 1, not 1.0")
    #expect(
      Self.problem { $0.checkpointInterval = 0 }
        == "a checkpoint can be saved every 1 step or more, not every 0")
    #expect(Self.problem { $0.clipping.norm = 0 } == "gradients can be clipped to a norm above 0, not 0.0")
    #expect(
      Self.problem { $0.clipping.value = .infinity } == "gradients can be clipped to a value above 0, not inf"
    )
    #expect(
      Self.problem { $0.earlyStopping = EarlyStopping(patience: 0) }
        == "the patience of early stopping must be at least 1, not 0")
    #expect(
      Self.problem(epochs: 3) { $0.warmup.length = 3 }
        == "the warm-up must be shorter than the training: it has 3 epochs of 3")
    #expect(Self.problem(epochs: 4) { $0.warmup.length = 3 } == nil)
    #expect(
      Self.problem { $0.schedule = .multiStep(milestones: [3, 2]) }
        == "milestones must be whole numbers of at least 1 that rise, not [3, 2]")
    #expect(Self.problem { $0.optimizer = .adam(beta1: 1) }?.contains("1.0") == true)
    #expect(Self.problem { $0.groups = [ParameterGroup([])] } == "a group of parameters needs a pattern")
  }

  @Test("a pattern that matches nothing is named with what was probably meant")
  func patterns() throws {
    let model = TinyTraining.model()
    _ = try model.build(input: [2, 2, 1])
    func problem(_ change: (inout OptimizationSettings) -> Void) -> String? {
      var configuration = TrainingConfiguration()
      change(&configuration.optimization)
      return configuration.problem(with: model)
    }
    #expect(problem { _ in } == nil)
    #expect(
      problem { $0.frozen = ["layer.1.*"] } == "no parameter matches 'layer.1.*'; did you mean 'layers.1.*'?")
    #expect(
      problem { $0.groups = [ParameterGroup(["*.bais"])] }
        == "no parameter matches '*.bais'; did you mean '*.bias'?")
    #expect(problem { $0.frozen = ["*"] } == "everything is frozen: there is nothing left to learn")
  }

  @Test("differences are listed by name, and what a training may go on with is no misfit")
  func differences() {
    let configuration = TrainingConfiguration(epochs: 3, learningRate: 0.5, seed: 1)
    var other = configuration
    #expect(configuration.differences(from: other).isEmpty && configuration.misfits(of: other).isEmpty)
    (other.epochs, other.optimization.checkpointInterval, other.convolution) = (5, 10, .direct)
    #expect(
      configuration.differences(from: other) == [
        "checkpointInterval is not set, not 10", "convolution is auto, not direct", "epochs is 3, not 5",
      ])
    #expect(configuration.misfits(of: other).isEmpty)
    other.optimization.schedule = .plateau()
    other.optimization.optimizer = .rmsProp()
    #expect(
      configuration.misfits(of: other) == [
        "optimizer is sgd, not rmsProp", "schedule is constant, not plateau",
      ])
    var cosine = configuration
    cosine.optimization.schedule = .cosine()
    var longer = cosine
    longer.epochs = 5
    #expect(cosine.misfits(of: longer) == ["epochs is 3, not 5"], "the rates depend on the length")
    var slower = cosine
    slower.optimization.schedule = .cosine(minimum: 0.25)
    #expect(cosine.misfits(of: slower) == ["schedule.minimum is 0, not 0.25"])
  }
}
