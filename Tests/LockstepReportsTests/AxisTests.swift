@testable import LockstepReports
import Testing

@Suite("Axes")
struct AxisTests {
  private func labels(_ scale: AxisScale) -> [String] { scale.ticks.compactMap(\.label) }

  @Test(
    "numbers beside a linear axis are round",
    arguments: [
      (0...1, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]), (0...2.3, ["0", "0.5", "1.0", "1.5", "2.0"]),
      (-1...1, ["−1.0", "−0.5", "0", "0.5", "1.0"]),
      (0...200_000, ["0", "50,000", "100,000", "150,000", "200,000"]),
      (0.001...0.0045, ["0.001", "0.002", "0.003", "0.004"]), (0...3e9, ["0", "10⁹", "2×10⁹", "3×10⁹"]),
      (0...4e-9, ["0", "10⁻⁹", "2×10⁻⁹", "3×10⁻⁹", "4×10⁻⁹"]),
      (1000...1000.5, ["1,000.0", "1,000.1", "1,000.2", "1,000.3", "1,000.4", "1,000.5"]),
    ] as [(ClosedRange<Double>, [String])])
  func linear(range: ClosedRange<Double>, expected: [String]) {
    #expect(labels(AxisScale(.linear, range: range, tickCount: 5)) == expected)
  }

  @Test("whole numbers have no halves between them")
  func whole() {
    #expect(labels(AxisScale(.linear, range: 1...3, isWhole: true, tickCount: 6)) == ["1", "2", "3"])
  }

  @Test(
    "numbers beside a logarithmic axis are powers of ten, on a short one also 2 and 5 times those",
    arguments: [
      (1e-8...1e-4, ["10⁻⁸", "10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴"]),
      (1e-300...1e300, ["10⁻³⁰⁰", "10⁻¹⁵⁰", "10⁰", "10¹⁵⁰", "10³⁰⁰"]),
      (0.2...7, ["0.2", "0.5", "1", "2", "5"]),
      (1000...30_000, ["1,000", "2,000", "5,000", "10,000", "20,000"]),
      (0.7...3, ["0.8", "1", "1.5", "2", "3"]), (3.1...3.4, ["3.1", "3.2", "3.3", "3.4"]),
    ] as [(ClosedRange<Double>, [String])])
  func logarithmic(range: ClosedRange<Double>, expected: [String]) {
    #expect(labels(AxisScale(.logarithmic, range: range, tickCount: 5)) == expected)
  }

  @Test("equal numbers lie in the middle of an axis", arguments: [7.0, -7, 0, 1e-300, 1e300])
  func equal(value: Double) throws {
    let fraction = try #require(AxisScale(.linear, range: value...value, tickCount: 5).fraction(value))
    #expect(abs(fraction - 0.5) < 1e-12)
  }

  @Test("bars on a logarithmic axis start at a power of ten below them")
  func bars() {
    let scale = AxisScale(.logarithmic, range: 0.012...3, hasBars: true, tickCount: 5)
    #expect(scale.lower == -3)
  }

  @Test(
    "numbers are read out with their digits",
    arguments: [
      (0, "0"), (12_345, "12,345"), (0.25, "0.25"), (1.0 / 3, "0.333333"), (-1.5e-7, "−1.5×10⁻⁷"),
      (1e21, "10²¹"), (999.9999, "1,000"),
      (.nan, "NaN"), (-.infinity, "−∞"), (.leastNonzeroMagnitude, "4.9407×10⁻³²⁴"),
      (123_456_789, "123,456,789"),
    ] as [(Double, String)])
  func readOut(value: Double, expected: String) {
    #expect(Magnitude.text(value) == expected)
  }
}
