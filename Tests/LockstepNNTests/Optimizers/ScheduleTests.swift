import Foundation
import LockstepCore
import LockstepNN
import Testing

/// schedules.json.
private struct ScheduleGoldens: Decodable {
  struct Plain: Decodable {
    let name: String
    let rates, momenta: [Double]
  }

  struct WarmedUp: Decodable {
    let warmup: Int
    let factor: Double
    let rates: [Double]
  }

  struct Plateau: Decodable {
    let name: String
    let values, rates: [Double]
  }

  let base: Double
  let plain: [Plain]
  let warmedUp: WarmedUp
  let plateaus: [Plateau]

  static let file = golden("schedules.json", as: ScheduleGoldens.self)
}

@Suite("Learning-rate schedules")
struct ScheduleTests {
  private static let file = ScheduleGoldens.file

  /// The schedules of schedules.json, counted in steps.
  private static var schedules: [String: LearningRateSchedule] {
    var linear = OneCycle()
    linear.rise = 0.45
    linear.annealing = .linear
    linear.divisor = 10
    linear.finalDivisor = 100
    (linear.lowMomentum, linear.highMomentum) = (0.7, 0.9)
    return [
      "step": .step(every: 7, gamma: 0.3, unit: .step),
      "multiStep": .multiStep(milestones: [5, 6, 30], gamma: 0.25, unit: .step),
      "exponential": .exponential(gamma: 0.9, unit: .step),
      "cosine": .cosine(minimum: 0.05), "cosine beyond its length": .cosine(length: 12),
      "oneCycle": .oneCycle(), "oneCycle linear": .oneCycle(linear),
    ]
  }

  private static func progress(_ step: Int, of count: Int = 40, each: Int = 8) -> ScheduleProgress {
    ScheduleProgress(step: step, stepCount: count, stepsPerEpoch: each)
  }

  private static func isClose(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= 1e-14 + 1e-12 * b }

  @Test("every rate of every schedule is PyTorch's to 1e-12", arguments: schedules.keys.sorted())
  func plain(name: String) throws {
    let wanted = try #require(Self.file.plain.first { $0.name == name })
    let schedule = try #require(Self.schedules[name])
    #expect(wanted.rates.count == 40)
    for (step, rate) in wanted.rates.enumerated() {
      let found = schedule.learningRate(Self.file.base, at: Self.progress(step), nil)
      #expect(Self.isClose(found, rate), "step \(step): \(found), not \(rate)")
    }
  }

  @Test("a cycle moves the momentum as PyTorch does; nothing else moves it")
  func momenta() throws {
    for wanted in Self.file.plain {
      let schedule = try #require(Self.schedules[wanted.name])
      for (step, momentum) in wanted.momenta.enumerated() {
        let found = schedule.momentum(at: Self.progress(step))
        #expect(Self.isClose(found ?? 0.9, momentum), "\(wanted.name), step \(step)")
        #expect((found == nil) == !wanted.name.hasPrefix("oneCycle"))
      }
    }
  }

  @Test("a warm-up in front of a cosine is PyTorch's SequentialLR")
  func warmup() {
    let wanted = Self.file.warmedUp
    let warmup = Warmup(length: wanted.warmup, unit: .step, factor: wanted.factor)
    for (step, rate) in wanted.rates.enumerated() {
      let found = LearningRateSchedule.cosine().learningRate(
        Self.file.base, at: Self.progress(step), after: warmup)
      #expect(Self.isClose(found, rate), "step \(step): \(found), not \(rate)")
    }
  }

  @Test("a warm-up of epochs rises with every step of them")
  func warmupOfEpochs() {
    let warmup = Warmup(length: 2, factor: 0.25)
    let rates = (0..<20).map {
      LearningRateSchedule.step(every: 1, gamma: 0.5).learningRate(1, at: Self.progress($0), after: warmup)
    }
    for step in 0..<16 { #expect(Self.isClose(rates[step], 0.25 + 0.75 * Double(step) / 16)) }
    #expect(Array(rates[16...]) == [1, 1, 1, 1])
  }

  @Test("a schedule of epochs stays through each of them")
  func epochs() {
    let rates = (0..<24).map {
      LearningRateSchedule.exponential(gamma: 0.5).learningRate(1, at: Self.progress($0), nil)
    }
    #expect(
      rates == [Double](repeating: 1, count: 8) + [Double](repeating: 0.5, count: 8)
        + [Double](repeating: 0.25, count: 8))
  }

  @Test("a plateau lowers the rate where PyTorch does", arguments: file.plateaus.map(\.name))
  func plateau(name: String) throws {
    let wanted = try #require(Self.file.plateaus.first { $0.name == name })
    var reduction = PlateauReduction()
    switch name {
    case "relative": (reduction.factor, reduction.patience, reduction.threshold) = (0.5, 2, 0.1)
    case "absolute":
      (reduction.factor, reduction.patience, reduction.threshold) = (0.5, 1, 0.05)
      (reduction.thresholdMode, reduction.cooldown) = (.absolute, 2)
    case "higher is better":
      (reduction.factor, reduction.patience, reduction.metric, reduction.minimum) = (0.2, 0, .accuracy, 0.01)
    default: (reduction.factor, reduction.patience, reduction.epsilon) = (0.999, 0, 1e-3)
    }
    var state = PlateauState(learningRate: Self.file.base)
    for (epoch, value) in wanted.values.enumerated() {
      state.observe(value, reduction)
      #expect(Self.isClose(state.learningRate, wanted.rates[epoch]), "epoch \(epoch + 1)")
    }
    #expect(Set(wanted.rates).count > 1 || name == "small changes", "nothing was tested")
  }

  @Test("the cosine of our own is within 4e-16 of the exact one")
  func cosine() {
    for index in 0...40_000 {
      let x = Double(index) / 10_000
      let wanted = cos(Double.pi * x.remainder(dividingBy: 2))
      #expect((cosineOfPi(x) - wanted).magnitude <= 4e-16, "\(x)")
    }
    #expect([0, 0.5, 1, 1.5, 2, 2.5].map(cosineOfPi) == [1, 0, -1, 0, 1, 0])
  }

  @Test("a cycle too short to rise and fall has rates all the same", arguments: 1...4)
  func shortCycle(length: Int) {
    for step in 0...length {
      let rate = LearningRateSchedule.oneCycle().learningRate(
        1, at: Self.progress(step, of: length, each: 1), nil)
      #expect(rate > 0 && rate <= 1, "\(step) of \(length): \(rate)")
    }
  }

  @Test("what makes no sense is said in one line")
  func problems() {
    var cycle = OneCycle()
    cycle.rise = 1
    var plateau = PlateauReduction()
    plateau.factor = 2
    let cases: [(LearningRateSchedule, String)] = [
      (.step(every: 0), "a schedule of steps needs a length of at least 1, not 0"),
      (.exponential(gamma: 0), "gamma of the schedule must be a number above 0, not 0.0"),
      (
        .multiStep(milestones: [3, 3]), "milestones must be whole numbers of at least 1 that rise, not [3, 3]"
      ),
      (.cosine(minimum: -1), "the lowest learning rate must be a number of at least 0, not -1.0"),
      (.cosine(length: 0), "the length of the schedule must be at least 1, not 0"),
      (.oneCycle(cycle), "the rise of the cycle must be above 0 and below 1, not 1.0"),
      (.plateau(plateau), "the factor of the plateau must be above 0 and below 1, not 2.0"),
    ]
    for (schedule, problem) in cases { #expect(schedule.problem == problem) }
    #expect(Self.schedules.values.allSatisfy { $0.problem == nil })
    #expect(Warmup(length: -1).problem == "the warm-up must be at least 0 long, not -1")
    #expect(
      Warmup(length: 1, factor: 0).problem
        == "the factor of the warm-up must be above 0 and at most 1, not 0.0")
  }
}
