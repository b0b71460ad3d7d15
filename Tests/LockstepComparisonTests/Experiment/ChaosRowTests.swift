@testable import LockstepComparison
import Testing

@Suite("The row of chaos")
struct ChaosRowTests {
  private func row(_ trails: [FlipTrail]) -> MechanismRow {
    MechanismTable.chaos(Chaos(first: "a", second: "b", stepCount: 60, variants: [], trails: trails))
  }

  private func trail(_ before: Double, _ after: Double?) -> FlipTrail {
    FlipTrail(seed: 0, stepCount: 50, flip: after.map { _ in "ReLU" }, before: before, after: after)
  }

  @Test("a jump after the flip is one")
  func jump() {
    let row = row([trail(1e-7, 1e-2), trail(2e-7, 3e-3), trail(0, nil)])
    #expect(row.outcome == .reproduced)
    #expect(row.figure.hasPrefix("2 of 3 seeds flipped; ") && row.command == nil)
  }

  @Test("no jump is none: because nothing grew, was seen, or flipped")
  func noJump() {
    #expect(row([trail(1e-7, 5e-7)]).outcome == .notReproduced)
    // As far apart before the flip as after it.
    #expect(row([trail(5e-3, 1e-2)]).outcome == .notReproduced)
    #expect(row([trail(1e-7, nil)]).figure == "no unit flipped in 1 seeds of up to 50 steps")
  }

  @Test("curves that part later count where those of a smooth model stay together, and only there")
  func later() {
    func outcome(_ original: Double, _ smooth: Double) -> MechanismRow.Outcome {
      let variants = [(false, original), (true, smooth)].map { isSmooth, largest in
        Chaos.Variant(isSmooth: isSmooth, seeds: [.init(seed: 0, differences: [1e-7, largest])])
      }
      let chaos = Chaos(
        first: "a", second: "b", stepCount: 900, variants: variants, trails: [trail(1e-7, 2e-7)])
      return MechanismTable.chaos(chaos).outcome
    }
    #expect(outcome(1e-2, 4e-7) == .reproduced)
    #expect(outcome(1e-2, 5e-3) == .notReproduced, "the smooth one parts as well")
    #expect(outcome(5e-5, 4e-7) == .notReproduced, "nobody would see it")
  }

  @Test("what was not looked for is said to be")
  func none() {
    #expect(row([]).outcome == .notRunHere)
    #expect(MechanismTable.chaos(nil).outcome == .notRunHere)
  }
}
