@testable import LockstepComparison
import Testing

@Suite("Dividing an experiment's time")
struct PlanningTests {
  @Test("the shares of all parts are the whole budget")
  func shares() {
    var division = BudgetDivision(ExperimentPart.allCases)
    var left = 100.0
    var seconds: [ExperimentPart: Double] = [:]
    while let (part, share) = division.next(of: left) {
      seconds[part] = share
      left -= share
    }
    #expect(seconds.count == ExperimentPart.allCases.count)
    #expect(abs(left) < 1e-9)
    #expect(seconds[.curves]! > seconds[.time]!)
  }

  @Test("what a part leaves over is the later ones'")
  func surplus() {
    var division = BudgetDivision([.time, .curves])
    let first = division.next(of: 40)!
    #expect(first.part == .time && abs(first.seconds - 10) < 1e-9)
    // It took nothing at all.
    #expect(division.next(of: 40)! == (.curves, 40))
    #expect(division.next(of: 40) == nil)
  }

  @Test("a part that took too long leaves less, and never less than nothing")
  func overrun() {
    var division = BudgetDivision([.time, .curves])
    _ = division.next(of: 40)
    #expect(division.next(of: -3)!.seconds == 0)
  }

  private func demand(_ secondsPerStep: Double, _ steps: Int, weight: Double = 1) -> StepPlan.Demand {
    StepPlan.Demand(secondsPerStep: secondsPerStep, steps: steps, weight: weight)
  }

  @Test("all steps where there is time for all")
  func plenty() {
    #expect(StepPlan.divide([demand(0.001, 920), demand(0.1, 920)], seconds: 1000) == [920, 920])
  }

  @Test("a quick engine's surplus is the slow one's")
  func quickAndSlow() {
    // The quick one needs 1 s of its 50; the slow one gets 99.
    #expect(StepPlan.divide([demand(0.25, 920), demand(0.001, 1000)], seconds: 100) == [396, 1000])
  }

  @Test("where nobody can finish time is divided by weight")
  func weights() {
    let plan = StepPlan.divide([demand(1, 1000, weight: 3), demand(1, 1000)], seconds: 100)
    #expect(plan == [75, 25])
  }

  @Test("the first steps of all come before anybody's others")
  func firstSteps() {
    // The slow one needs 200 s of 210 for its twenty steps; the quick one gets what is left.
    let demands = [demand(10, 920), demand(1, 920)]
    #expect(StepPlan.divide(demands, seconds: 210, first: 20)[0] >= 19)
    // With time for both the rest is divided as if it were all there is.
    #expect(StepPlan.divide(demands, seconds: 1220, first: 20) == [70, 520])
  }

  @Test("everybody gets a step, however little time there is", arguments: [0.0, -1, 1e-9])
  func tooLittle(seconds: Double) {
    #expect(StepPlan.divide([demand(10, 920), demand(1, 920)], seconds: seconds) == [1, 1])
    #expect(StepPlan.divide([demand(10, 920), demand(1, 920)], seconds: seconds, first: 20) == [1, 1])
  }

  @Test("a speed that is not known is no reason to do less", arguments: [Double.nan, 0])
  func unknownSpeed(seconds: Double) {
    #expect(StepPlan.divide([demand(seconds, 7), demand(1, 50)], seconds: 50) == [7, 50])
  }
}

@Suite("Searching the learning rate at which trainings fail")
struct LearningRateSearchTests {
  /// Searches where the share of failures is a function of the rate.
  private func search(from start: Double, _ share: (Double) -> Double) -> LearningRateSearch {
    var search = LearningRateSearch(target: 0.25...0.75)
    while let rate = search.next(after: start) {
      search.note(.init(learningRate: rate, count: 16, failedCount: Int((16 * share(rate)).rounded())))
    }
    return search
  }

  @Test("it is found from below and from above", arguments: [0.001, 0.5, 300])
  func found(start: Double) throws {
    // Half fail at 1.3, none much below, all much above.
    let search = search(from: start) { min(1, max(0, 0.5 + ($0 - 1.3))) }
    let best = try #require(search.best)
    #expect((0.8...1.8).contains(best))
    #expect(search.trials.last?.learningRate == best)
  }

  @Test("where none ever fail, or all do, there is none", arguments: [0.0, 1])
  func none(share: Double) {
    let search = search(from: 0.05) { _ in share }
    #expect(search.best == nil)
    #expect((2...30).contains(search.trials.count))
  }

  @Test("where all fail at once above a rate, the search ends")
  func cliff() {
    let search = search(from: 0.05) { $0 > 0.3 ? 1 : 0 }
    #expect(search.best == nil && search.trials.count <= 20)
  }
}
