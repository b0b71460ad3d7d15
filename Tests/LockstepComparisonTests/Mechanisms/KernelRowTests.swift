import Lockstep
import Testing

@testable import LockstepComparison

@Suite("Rows about kernels")
struct KernelRowTests {
  private func agreement(_ firstDifference: Int?) -> KernelAgreement {
    let kernels = ["Prescott", "Nehalem"].map {
      KernelAgreement.Kernel(name: $0, largestInner: 640, largestError: 3)
    }
    let pair = KernelAgreement.Pair(
      first: "Prescott", second: "Nehalem", largestInner: 640, firstDifference: firstDifference,
      differingInnerCount: firstDifference == nil ? 0 : 9, shareAtFirst: 0.5, shareBeyond: 0.9,
      largestUlps: 7, largestDifference: 2)
    return KernelAgreement(
      rowCount: 48, columnCount: 48, largestInner: 640, kernels: kernels, pairs: [pair])
  }

  private func growth(_ quantity: ErrorGrowth.Quantity, _ errors: [(String, Double, Double)]) -> ErrorGrowth {
    ErrorGrowth(
      series: errors.map { name, error, value in
        ErrorGrowth.Series(
          quantity: quantity, name: name, kind: .plain,
          points: [ErrorGrowth.Point(count: 10_000_000, errors: [error], value: value, exact: 1)])
      })
  }

  @Test func `kernels that part at a block's size reproduce blocking`() {
    let row = MechanismRow.matrixBlocking(agreement(129))
    #expect(row.outcome == .reproduced)
    #expect(row.figure.contains("Prescott/Nehalem 129"))
    #expect(row.figure.contains("1 of 1 pairs"))
  }

  @Test func `kernels that part at the second term or never don't`() {
    #expect(MechanismRow.matrixBlocking(agreement(2)).outcome == .notReproduced)
    let row = MechanismRow.matrixBlocking(agreement(nil))
    #expect(row.outcome == .notReproduced)
    #expect(row.figure.contains("none to 640"))
  }

  @Test func `what was not measured is not run, and not called unreproduced`() {
    #expect(MechanismRow.matrixBlocking(nil).outcome == .notRunHere)
    #expect(MechanismRow.fewAccumulators(nil).outcome == .notRunHere)
    #expect(MechanismRow.onePassVariance(nil).outcome == .notRunHere)
    let empty = KernelAgreement(rowCount: 48, columnCount: 48, largestInner: 640, kernels: [], pairs: [])
    #expect(MechanismRow.matrixBlocking(empty).outcome == .notRunHere)
  }

  @Test(arguments: [(660.0, MechanismRow.Outcome.reproduced), (20.0, .notReproduced)])
  func `few accumulators are held against many`(error: Double, outcome: MechanismRow.Outcome) {
    let row = MechanismRow.fewAccumulators(
      growth(
        .sum,
        [
          ("1 accumulator", error, 1), ("4 accumulators", 10, 1), ("32 accumulators", 15.5, 1),
          ("pairwise", 0.7, 1),
        ]))
    #expect(row.outcome == outcome)
    #expect(row.figure.contains("n = 10,000,000: 1 accumulator \(Int(error))"))
  }

  @Test func `a negative variance is reproduced with its figure`() {
    var both = growth(.onePassVariance, [("1 accumulator", 24761 * 0x1p24, -24760)])
    both.series += growth(.twoPassVariance, [("1 accumulator", 300, 1.00002)]).series
    let row = MechanismRow.onePassVariance(both)
    #expect(row.outcome == .reproduced)
    #expect(row.figure.contains("-24760.000 in one pass"))
  }
}
