import Foundation
import LockstepNN
import LockstepSpecification
import Testing

@Suite("How a model file says weights are moved")
struct TrainingSectionTests {
  private static func read(_ training: String) throws -> OptimizationDefaults {
    try ModelSpecification("layers: [flatten]\ntraining: \(training)").training.optimization
  }

  @Test("every key is read")
  func values() throws {
    let found = try ModelSpecification(
      """
      layers: [flatten]
      training:
        optimizer: {adamw: {beta1: 0.8, amsgrad: true}}
        schedule: {multiStep: {milestones: [3, 5], gamma: 0.5, by: step}}
        warmupEpochs: 2
        warmupFactor: 0.5
        clipNorm: 1
        clipValue: 0.25
        accumulate: 4
        ema: 0.999
        freeze: [layers.0.*, "*.bias"]
        groups:
          - {parameters: "*.bias", weightDecay: 0}
          - {parameters: [layers.1, layers.2.*], learningRateFactor: 0.1}
        biasDecay: false
        bestBy: loss
        earlyStopping: {patience: 5, metric: accuracy, minimumChange: 0.01}
      """
    ).training.optimization
    var wanted = OptimizationDefaults()
    wanted.optimizer = .adamW(beta1: 0.8, amsgrad: true)
    wanted.schedule = .multiStep(milestones: [3, 5], gamma: 0.5, unit: .step)
    wanted.warmupEpochs = 2
    wanted.warmupFactor = 0.5
    wanted.clipNorm = 1
    wanted.clipValue = 0.25
    wanted.accumulate = 4
    wanted.ema = 0.999
    wanted.freeze = ["layers.0.*", "*.bias"]
    wanted.groups = [
      ParameterGroup(["*.bias"], weightDecay: 0),
      ParameterGroup(["layers.1", "layers.2.*"], learningRateFactor: 0.1),
    ]
    wanted.biasDecay = false
    wanted.bestBy = .loss
    wanted.earlyStopping = EarlyStopping(patience: 5, metric: .accuracy, minimumChange: 0.01)
    #expect(found == wanted)
    #expect(try Self.read("{warmupSteps: 7}").warmupSteps == 7)
    #expect(try Self.read("{epochs: 1}") == OptimizationDefaults())
  }

  @Test(
    "every optimizer is read, with its own numbers and without",
    arguments: [
      ("sgd", .sgd), ("adam", .adam()),
      ("{adam: {beta2: 0.9, epsilon: 0.1}}", .adam(beta2: 0.9, epsilon: 0.1)),
      ("adamw", .adamW()), ("rmsprop", .rmsProp()),
      (
        "{rmsprop: {alpha: 0.9, momentum: 0.5, centered: true, epsilon: 0.1}}",
        .rmsProp(alpha: 0.9, epsilon: 0.1, momentum: 0.5, centered: true)
      ),
      ("adagrad", .adagrad()),
      (
        "{adagrad: {learningRateDecay: 0.1, initialAccumulator: 0.2, epsilon: 0.3}}",
        .adagrad(learningRateDecay: 0.1, initialAccumulator: 0.2, epsilon: 0.3)
      ),
      ("lion", .lion()), ("{lion: {beta1: 0.8, beta2: 0.7}}", .lion(beta1: 0.8, beta2: 0.7)),
    ] as [(String, OptimizerKind)])
  func optimizers(text: String, kind: OptimizerKind) throws {
    #expect(try Self.read("{optimizer: \(text)}").optimizer == kind)
  }

  @Test(
    "every schedule is read, with its own numbers and without",
    arguments: [
      ("constant", .constant), ("{step: {every: 3}}", .step(every: 3)),
      ("{step: {every: 3, gamma: 0.5, by: step}}", .step(every: 3, gamma: 0.5, unit: .step)),
      ("{multiStep: {milestones: [2]}}", .multiStep(milestones: [2])),
      ("{exponential: {gamma: 0.9}}", .exponential(gamma: 0.9)), ("cosine", .cosine()),
      ("{cosine: {minimum: 0.1, length: 5, by: epoch}}", .cosine(minimum: 0.1, length: 5, unit: .epoch)),
      ("oneCycle", .oneCycle()), ("plateau", .plateau()),
    ] as [(String, LearningRateSchedule)])
  func schedules(text: String, schedule: LearningRateSchedule) throws {
    #expect(try Self.read("{schedule: \(text)}").schedule == schedule)
  }

  @Test("every number of a cycle and of a plateau is read")
  func manyNumbers() throws {
    let cycle = try Self.read(
      "{schedule: {oneCycle: {rise: 0.5, divisor: 10, finalDivisor: 100, annealing: linear, cyclesMomentum: false, "
        + "lowMomentum: 0.1, highMomentum: 0.2, length: 7, by: epoch}}}"
    ).schedule
    var wanted = OneCycle()
    (wanted.rise, wanted.divisor, wanted.finalDivisor, wanted.annealing) = (0.5, 10, 100, .linear)
    (wanted.cyclesMomentum, wanted.lowMomentum, wanted.highMomentum) = (false, 0.1, 0.2)
    (wanted.length, wanted.unit) = (7, .epoch)
    #expect(cycle == .oneCycle(wanted))
    let plateau = try Self.read(
      "{schedule: {plateau: {metric: accuracy, factor: 0.5, patience: 3, threshold: 0.2, thresholdMode: absolute, "
        + "cooldown: 2, minimum: 0.1, epsilon: 0.3}}}"
    ).schedule
    var reduction = PlateauReduction()
    (reduction.metric, reduction.factor, reduction.patience) = (.accuracy, 0.5, 3)
    (reduction.threshold, reduction.thresholdMode, reduction.cooldown) = (0.2, .absolute, 2)
    (reduction.minimum, reduction.epsilon) = (0.1, 0.3)
    #expect(plateau == .plateau(reduction))
  }

  @Test("an option's text means what the file's does")
  func optionTexts() throws {
    #expect(try OptionText.optimizer("sgd") == .sgd)
    #expect(try OptionText.optimizer("adamw,beta2=0.99,amsgrad=true") == .adamW(beta2: 0.99, amsgrad: true))
    #expect(try OptionText.schedule("cosine") == .cosine())
    #expect(
      try OptionText.schedule("multiStep,milestones=[30,60],gamma=0.2")
        == .multiStep(milestones: [30, 60], gamma: 0.2))
    #expect(try OptionText.earlyStopping("patience=5") == EarlyStopping(patience: 5))
    #expect(
      try OptionText.earlyStopping("metric=accuracy,patience=2,minimumChange=0.1")
        == EarlyStopping(patience: 2, metric: .accuracy, minimumChange: 0.1))
    #expect(
      try OptionText.group("parameters=*.bias,weightDecay=0") == ParameterGroup(["*.bias"], weightDecay: 0))
    #expect(
      try OptionText.group("parameters=[layers.0.*,*.bias],learningRateFactor=0.5")
        == ParameterGroup(["layers.0.*", "*.bias"], learningRateFactor: 0.5))
  }

  @Test(
    "an option's text that can't be understood gets a line",
    arguments: [
      ("adm", "unknown optimizer 'adm'; did you mean 'adam'?"),
      ("adam,beta3=1", "unknown key 'beta3' of adam; did you mean 'beta1'?"),
      ("adam,beta1=1", "beta1 must be at least 0 and less than 1, not 1"),
      ("adam,beta1=x", "beta1 needs a number, not 'x'"),
      ("adam,beta1", "'beta1' should be a key with its value, such as patience=5"),
      ("adam,beta1=0.1,beta1=0.2", "beta1 is there twice"),
      ("sgd,momentum=0.9", "unknown key 'momentum' of sgd; it takes none"),
      ("", "expected the name of an optimizer, not nothing"),
      ("nothing", "unknown optimizer 'nothing'; known are sgd, adam, adamw, rmsprop, adagrad, lion"),
    ])
  func badOptionTexts(text: String, message: String) {
    let error = #expect(throws: OptionTextError.self) { try OptionText.optimizer(text) }
    #expect(error?.description == message)
  }

  @Test(
    "docs/training.md has every optimizer and every schedule, with all keys",
    arguments: ["optimizer", "schedule"])
  func documentation(key: String) throws {
    let text = try String(contentsOfFile: repositoryPath("docs/training.md"), encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("| `\(key)`, ") })
    let rows = lines[(start + 2)...].prefix { $0.hasPrefix("| `") }.map { line in
      line.split(separator: "|").map { cell in cell.matches(of: /`(\w+)`/).map { String($0.1) } }
    }
    func problem(_ value: String) -> String? {
      #expect(throws: SpecificationError.self) { try Self.read("{\(key): \(value)}") }?.problem
    }
    let names = rows.map { $0[0][0] }
    #expect(problem("nothing like it")?.hasSuffix("known are \(names.joined(separator: ", "))") == true)
    // SGD's are the training's own.
    for row in rows where row[0] != ["sgd"] {
      let known = row[1].isEmpty ? "it takes none" : "known are \(row[1].joined(separator: ", "))"
      let name = row[0][0]
      #expect(
        problem("{\(name): {nothingLikeIt: 1}}") == "unknown key 'nothingLikeIt' of \(name); \(known)")
    }
  }
}
