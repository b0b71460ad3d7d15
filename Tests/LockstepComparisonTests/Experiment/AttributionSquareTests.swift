@testable import LockstepComparison
import Testing

@Suite("The attribution square")
struct AttributionSquareTests {
  private func cell(
    _ profile: String, _ isTranslated: Bool, _ losses: [Float], _ seconds: Double, weights: [Int: String]
  ) -> AttributionSquare.Cell {
    .init(
      profile: profile, isTranslated: isTranslated,
      curve: .made("\(profile) \(isTranslated)", losses: losses, seconds: seconds, weights: weights))
  }

  private func square(_ cells: [AttributionSquare.Cell]) -> AttributionSquare {
    AttributionSquare(cells, translator: "qemu", profiles: ("a", "b"))
  }

  @Test("what changes is ascribed to the edge along which it changes")
  func edges() {
    // The kernels change bits and double the time, the translator multiplies it by ten.
    let square = square([
      cell("a", true, [2, 1], 10, weights: [2: "A"]), cell("b", true, [2, 1.5], 20, weights: [2: "B"]),
      cell("a", false, [2, 1], 1, weights: [1: "x", 2: "A"]),
      cell("b", false, [2, 1.5], 2, weights: [2: "B"]),
    ])
    #expect(square.translation.map(\.hasSameBits) == [true, true])
    #expect(square.translation.map(\.timeRatio) == [10, 10])
    #expect(square.kernels.map(\.hasSameBits) == [false, false])
    #expect(square.kernels.map(\.firstDifference) == [1, 1])
    #expect(square.kernels.map(\.timeRatio) == [2, 2])
  }

  @Test("equal losses with other weights are not the same bits")
  func weightsCount() {
    let square = square([
      cell("a", false, [2, 1], 1, weights: [2: "A"]), cell("a", true, [2, 1], 1, weights: [2: "A'"]),
    ])
    #expect(square.translation.map(\.hasSameLosses) == [true])
    #expect(square.translation.map(\.hasSameWeights) == [false])
    #expect(square.translation.map(\.hasSameBits) == [false])
    #expect(square.kernels.isEmpty)
  }

  @Test("trainings that were cut are compared at the last step that both noted")
  func cut() {
    let square = square([
      cell("a", false, [3, 2, 1], 1, weights: [1: "x", 2: "y", 3: "z"]),
      cell("a", true, [3, 2], 1, weights: [1: "x", 2: "y"]),
    ])
    #expect(square.translation[0].stepCount == 2 && square.translation[0].hasSameWeights == true)
  }

  @Test("without a common step nothing is said to be the same")
  func nothing() {
    let square = square([cell("a", false, [3], 1, weights: [1: "x"]), cell("a", true, [], 1, weights: [:])])
    #expect(square.translation[0].hasSameBits == false)
  }

  @Test("a NaN is not another NaN's bits, and a negative zero is not zero")
  func bits() {
    #expect(TrainingCurve.made("a", losses: [0]).firstDifference(from: .made("b", losses: [-0.0])) == 0)
    let nan = Float(bitPattern: 0x7FC0_0001)
    #expect(
      TrainingCurve.made("a", losses: [1, .nan]).firstDifference(from: .made("b", losses: [1, nan])) == 1)
    #expect(
      TrainingCurve.made("a", losses: [1, .nan]).firstDifference(from: .made("b", losses: [1, .nan])) == nil)
  }
}
