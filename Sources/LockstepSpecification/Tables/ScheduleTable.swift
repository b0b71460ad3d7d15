import LockstepNN

/// Every course of the learning rate a file can ask for: its name there, its keys and what they make.
let scheduleTable: [Maker<LearningRateSchedule>] = [
  Maker("constant") { _ in .constant },
  Maker("step") {
    .step(
      every: $0.get("every", .positive), gamma: $0.get("gamma", .positiveNumber, or: 0.1),
      unit: $0.get("by", .choice("epoch or step"), or: .epoch))
  },
  Maker("multiStep") {
    .multiStep(
      milestones: $0.get("milestones", .milestones), gamma: $0.get("gamma", .positiveNumber, or: 0.1),
      unit: $0.get("by", .choice("epoch or step"), or: .epoch))
  },
  Maker("exponential") {
    .exponential(
      gamma: $0.get("gamma", .positiveNumber), unit: $0.get("by", .choice("epoch or step"), or: .epoch))
  },
  Maker("cosine") {
    .cosine(
      minimum: $0.get("minimum", .nonnegativeNumber, or: 0), length: $0.find("length", .positive),
      unit: $0.get("by", .choice("epoch or step"), or: .step))
  },
  Maker("oneCycle") { .oneCycle(OneCycle($0)) },
  Maker("plateau") { .plateau(PlateauReduction($0)) },
]

extension OneCycle {
  fileprivate init(_ arguments: Arguments) {
    self.init()
    rise = arguments.get("rise", .share, or: rise)
    divisor = arguments.get("divisor", .positiveNumber, or: divisor)
    finalDivisor = arguments.get("finalDivisor", .positiveNumber, or: finalDivisor)
    annealing = arguments.get("annealing", .choice("cosine or linear"), or: annealing)
    cyclesMomentum = arguments.get("cyclesMomentum", .flag, or: cyclesMomentum)
    lowMomentum = arguments.get("lowMomentum", .share, or: lowMomentum)
    highMomentum = arguments.get("highMomentum", .share, or: highMomentum)
    length = arguments.find("length", .positive)
    unit = arguments.get("by", .choice("epoch or step"), or: unit)
  }
}

extension PlateauReduction {
  fileprivate init(_ arguments: Arguments) {
    self.init()
    metric = arguments.get("metric", .choice("loss or accuracy"), or: metric)
    factor = arguments.get("factor", .share, or: factor)
    patience = arguments.get("patience", .count(from: 0), or: patience)
    threshold = arguments.get("threshold", .nonnegativeNumber, or: threshold)
    thresholdMode = arguments.get("thresholdMode", .choice("relative or absolute"), or: thresholdMode)
    cooldown = arguments.get("cooldown", .count(from: 0), or: cooldown)
    minimum = arguments.get("minimum", .nonnegativeNumber, or: minimum)
    epsilon = arguments.get("epsilon", .nonnegativeNumber, or: epsilon)
  }
}

extension EarlyStopping {
  /// Reads the keys of early stopping.
  init(_ arguments: Arguments) {
    self.init(
      patience: arguments.get("patience", .positive),
      metric: arguments.get("metric", .choice("loss or accuracy"), or: .loss),
      minimumChange: arguments.get("minimumChange", .nonnegativeNumber, or: 0))
  }
}

extension ParameterGroup {
  /// Reads the keys of a group.
  init(_ arguments: Arguments) {
    self.init(
      arguments.get("parameters", .patterns),
      learningRateFactor: arguments.find("learningRateFactor", .nonnegativeNumber),
      weightDecay: arguments.find("weightDecay", .nonnegativeNumber))
  }
}
