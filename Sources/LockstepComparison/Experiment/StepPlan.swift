/// How many steps each of several trainings gets, when there is time for so many seconds in all.
///
/// Time is divided by weight; what one needs less of is the others'. So quick ones train as long as they are
/// wanted to, and slow ones share what is left.
struct StepPlan {
  /// A training, or several of one kind.
  struct Demand {
    /// How long a step takes, over all trainings of the kind; 0 or NaN where that is not known.
    var secondsPerStep: Double
    /// Steps that are wanted; none gets more.
    var steps: Int
    /// How urgent it is where there is not time for all.
    var weight: Double
  }

  /// Steps for each, at least one: first so many for all, and of the time that is left the rest.
  static func divide(_ demands: [Demand], seconds: Double, first: Int) -> [Int] {
    let urgent = demands.map { demand in
      var demand = demand
      demand.steps = min(demand.steps, first)
      return demand
    }
    let steps = divide(urgent, seconds: seconds)
    let left = zip(steps, demands).reduce(seconds) { $0 - $1.1.cost(of: $1.0) }
    let rest = zip(steps, demands).map { steps, demand in
      var demand = demand
      // Who had no time for the first steps has none for more.
      demand.steps = steps < first ? 0 : demand.steps - steps
      return demand
    }
    return zip(steps, divide(rest, seconds: left)).map { $0 + $1 }
  }

  /// Steps for each, at least one where one is wanted.
  static func divide(_ demands: [Demand], seconds: Double) -> [Int] {
    var steps = demands.map(\.steps)
    var left = max(0, seconds)
    var weights = demands.reduce(0) { $0 + $1.weight }
    // Those that need least for their weight first: what they leave is then known to the others.
    let order = demands.indices.sorted { demands[$0].need < demands[$1].need }
    for index in order {
      let demand = demands[index]
      let share = left * demand.weight / weights
      weights -= demand.weight
      guard demand.need > 0 else { continue }
      let affordable = min(share / demand.secondsPerStep, Double(demand.steps))
      steps[index] = max(min(1, demand.steps), Int(affordable))
      left -= Double(steps[index]) * demand.secondsPerStep
    }
    return steps
  }
}

extension StepPlan.Demand {
  /// Seconds that so many steps take; 0 where that is not known.
  fileprivate func cost(of steps: Int) -> Double {
    let seconds = secondsPerStep * Double(steps)
    return seconds.isFinite && seconds > 0 ? seconds : 0
  }

  /// Seconds for each unit of weight.
  fileprivate var need: Double { cost(of: steps) / weight }
}
