import LockstepTraining

/// How much longer B takes than A.
public struct TimeRatio: Codable, Hashable, Sendable {
  /// What was measured: an epoch or a step.
  public var unit: String
  /// What the interval's numbers are: medians of runs, or single epochs of one run.
  public var sample: String
  /// A's median seconds for a unit.
  public var secondsA: Double
  /// B's.
  public var secondsB: Double
  /// The seconds that A's figure is made of.
  public var samplesA: [Double]
  /// The seconds that B's is made of.
  public var samplesB: [Double]
  /// B's time over A's, with an interval where there is more than one number of each.
  public var ratio: RatioInterval

  /// - Returns: nil where times are not known of both.
  init?(_ a: [LossCurve], _ b: [LossCurve]) {
    // Runs are independent of each other; epochs of one run share what else the machine did.
    if let medians = Self.medians(a, b, \.epochSeconds), min(medians.0.count, medians.1.count) >= 3 {
      self.init("epoch", "medians of runs", medians.0, medians.1)
    } else if let epochs = Self.all(a, b, \.epochSeconds) {
      self.init("epoch", "epochs", epochs.0, epochs.1)
    } else if let medians = Self.medians(a, b, { $0.secondsPerStep ?? [] }) {
      self.init("step", "medians of runs", medians.0, medians.1)
    } else {
      return nil
    }
  }

  private init?(_ unit: String, _ sample: String, _ a: [Double], _ b: [Double]) {
    guard let ratio = RatioInterval(of: b, to: a) else { return nil }
    self.unit = unit
    self.sample = sample
    self.ratio = ratio
    (secondsA, secondsB) = (a.median, b.median)
    (samplesA, samplesB) = (a, b)
  }

  private static func medians(
    _ a: [LossCurve], _ b: [LossCurve], _ times: (LossCurve) -> [Double]
  ) -> ([Double], [Double])? {
    func medians(_ curves: [LossCurve]) -> [Double] {
      curves.map(times).filter { !$0.isEmpty }.map(\.median)
    }
    let (first, second) = (medians(a), medians(b))
    return first.isEmpty || second.isEmpty ? nil : (first, second)
  }

  private static func all(
    _ a: [LossCurve], _ b: [LossCurve], _ times: (LossCurve) -> [Double]
  ) -> ([Double], [Double])? {
    let (first, second) = (a.flatMap(times), b.flatMap(times))
    return first.isEmpty || second.isEmpty ? nil : (first, second)
  }
}
