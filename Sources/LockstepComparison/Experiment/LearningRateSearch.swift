/// A search for the learning rate at which about half of the trainings fail: doubling until they do, then
/// halving the interval in between.
struct LearningRateSearch {
  /// No more than so many rates are tried.
  private static let mostTrials = 20

  /// What share of failures is near enough.
  private let target: ClosedRange<Double>
  /// What was tried, in that order.
  private(set) var trials: [Divergence.Trial] = []

  init(target: ClosedRange<Double>) { self.target = target }

  /// The next rate to try; nil if a good one is found or it can't be.
  ///
  /// - Parameter start: the rate to begin with.
  func next(after start: Double) -> Double? {
    guard trials.count < Self.mostTrials, !trials.contains(where: { target.contains($0.share) }) else {
      return nil
    }
    let safe = trials.filter { $0.share < target.lowerBound }.map(\.learningRate).max()
    let unsafe = trials.filter { $0.share > target.upperBound }.map(\.learningRate).min()
    switch (safe, unsafe) {
    case (nil, nil): return start
    case (let safe?, nil): return safe * 2
    case (nil, let unsafe?): return unsafe / 2
    // Rates are compared by their ratio.
    case (let safe?, let unsafe?): return safe < unsafe ? (safe * unsafe).squareRoot() : nil
    }
  }

  /// Notes what came of a rate.
  mutating func note(_ trial: Divergence.Trial) { trials.append(trial) }

  /// The rate whose share of failures is nearest to a half; nil if with every rate all failed, or none.
  var best: Double? {
    trials.filter { 0 < $0.failedCount && $0.failedCount < $0.count }
      .min { abs($0.share - 0.5) < abs($1.share - 0.5) }?.learningRate
  }
}
