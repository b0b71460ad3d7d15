import Lockstep
import Testing

@testable import LockstepComparison

@Suite("Where losses part")
struct PartingStepTests {
  /// A report of steps whose losses, near 1, are so many units in the last place apart; the first flip is in
  /// one of them.
  private func report(_ ulps: [Double], flip: Int?) -> DifferenceReport {
    let backend = BackendDescriptor(name: "made up", architecture: "none", isaLevel: "none", threads: 1)
    var report = DifferenceReport(
      first: backend, second: backend, seed: 0, plannedStepCount: ulps.count, judgedStepCount: 1)
    report.steps = ulps.enumerated().map { index, count in
      .init(step: index + 1, loss: PairedValue(1, 1 + count * Double(Float.ulpOfOne)))
    }
    report.firstFlip = flip.map { step in
      Flip(
        kind: .relu,
        place: .init(
          step: step, position: 1, kind: .init(operation: "relu", layer: "layers.0", phase: .forward)),
        index: [0], values: PairedValue(1, 0), count: 1, unitCount: 2)
    }
    return report
  }

  @Test(
    "is after the first flip, and ten times what rounding did before",
    arguments: [
      ([0, 1, 2, 1, 19, 21, 5000], 4, 6), ([0, 1, 2, 1, 500, 1], 5, 5), ([0, 0, 0, 9, 11, 0], 2, 5),
      ([0, 1, 2, 1, 19, 3], 4, nil), ([0, 50, 1, 1, 60], 4, nil), ([20], 1, 1),
    ] as [([Double], Int, Int?)])
  func step(_ ulps: [Double], _ flip: Int, _ expected: Int?) {
    #expect(report(ulps, flip: flip).partingStep == expected)
  }

  @Test("is nowhere without a flip")
  func noFlip() {
    #expect(report([0, 1, 1000], flip: nil).partingStep == nil)
  }
}
