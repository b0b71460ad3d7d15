import Testing

@testable import LockstepCore

@Suite("The normal distribution without libm")
struct NormalDistributionTests {
  struct Golden: Decodable {
    struct Table: Decodable {
      let inputs: [Double]
      let outputs: [Double]
    }
    let normalQuantile: Table
    let log: Table
  }

  private let golden: Golden

  init() throws { golden = try LockstepCoreTests.Golden.load("normal-quantiles") }

  private func check(_ table: Golden.Table, _ tolerance: Double, _ function: (Double) -> Double) {
    #expect(table.inputs.count > 100)
    for (x, y) in zip(table.inputs, table.outputs) {
      #expect(abs(function(x) - y) <= tolerance * abs(y), "at \(x): \(function(x)), not \(y)")
    }
  }

  @Test("has SciPy's quantiles")
  func quantiles() { check(golden.normalQuantile, 2e-15, NormalDistribution.quantile) }

  @Test("has the logarithms of libm")
  func logarithms() { check(golden.log, 3e-16, NormalDistribution.logarithm) }
}
