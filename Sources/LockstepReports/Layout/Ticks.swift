#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The numbers beside a linear axis: multiples of 1, 2 or 5 times a power of ten.
struct LinearTicks {
  let ticks: [AxisScale.Tick]

  init(lower: Double, upper: Double, count: Int, isWhole: Bool) {
    let rough = (upper - lower) / Double(max(1, count))
    // At the ends of what a Double holds there is no step to be computed.
    guard rough.isFinite, rough > 1e-300 else {
      ticks = []
      return
    }
    var exponent = Magnitude.exponent(of: rough)
    let mantissa = Magnitude.scaled(rough, by: -exponent)
    var factor = [1.0, 2, 5, 10].first { mantissa <= $0 * (1 + 1e-9) } ?? 10
    if factor == 10 { (factor, exponent) = (1, exponent + 1) }
    if isWhole && exponent < 0 { (factor, exponent) = (1, 0) }
    let step = Magnitude.scaled(factor, by: exponent)
    // Multiplying by the step would add up its rounding: 3 × 0.1 is not 0.3.
    let values = stride(from: ceil(lower / step - 1e-9), through: floor(upper / step + 1e-9), by: 1)
      .prefix(100).map { Magnitude.scaled($0 * factor, by: exponent) }
    let largest = values.map(\.magnitude).max() ?? 0
    ticks = values.map { .init(value: $0, label: Self.label($0, stepExponent: exponent, largest: largest)) }
  }

  /// A number with the digits that tell it from its neighbours.
  private static func label(_ value: Double, stepExponent: Int, largest: Double) -> String {
    guard value != 0, largest > 0 else { return "0" }
    let exponent = Magnitude.exponent(of: largest)
    guard exponent < 7, stepExponent > -7 else {
      return Magnitude.scientific(value, exponent: exponent, digits: max(0, exponent - stepExponent))
    }
    return Magnitude.grouped(value, digits: max(0, -stepExponent))
  }
}

/// The numbers beside a logarithmic axis: powers of ten, with 2 and 5 times those on a short one.
struct LogarithmicTicks {
  let ticks: [AxisScale.Tick]

  /// - Parameters:
  ///   - lower: The logarithm of what lies at the axis' start.
  ///   - upper: The logarithm of what lies at its end.
  init(lower: Double, upper: Double, count: Int) {
    let span = upper - lower
    if span >= 2 {
      ticks = Self.decades(lower: lower, upper: upper, count: count)
      return
    }
    let choices = [[1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8]].map {
      Self.multiples(of: $0, lower: lower, upper: upper)
    }
    if let values = choices.first(where: { $0.count >= 3 }) {
      ticks = values.map { .init(value: $0, label: Magnitude.text($0)) }
    } else {
      ticks = LinearTicks(lower: pow(10, lower), upper: pow(10, upper), count: count, isWhole: false).ticks
        .filter { $0.value > 0 }
    }
  }

  private static func decades(lower: Double, upper: Double, count: Int) -> [AxisScale.Tick] {
    let least = (upper - lower) / Double(max(1, count))
    let every = [1, 2, 3, 5, 10, 20, 50, 100, 150].first { Double($0) >= least } ?? 200
    let exponents = Int(ceil(lower - 1e-9))...max(Int(ceil(lower - 1e-9)), Int(floor(upper + 1e-9)))
    let labelled = exponents.filter { $0.isMultiple(of: every) }.map { exponent in
      AxisScale.Tick(value: Magnitude.scaled(1, by: exponent), label: Magnitude.powerOfTen(exponent))
    }
    guard upper - lower <= 5 else { return labelled }
    let between = multiples(of: [2, 3, 4, 5, 6, 7, 8, 9], lower: lower, upper: upper)
    return labelled + between.map { .init(value: $0, label: nil) }
  }

  /// Whole numbers times powers of ten, within the axis.
  private static func multiples(of factors: [Double], lower: Double, upper: Double) -> [Double] {
    (Int(floor(lower))...Int(floor(upper))).flatMap { exponent in
      factors.map { Magnitude.scaled($0, by: exponent) }
    }.filter { (lower - 1e-9...upper + 1e-9).contains(log10($0)) }
  }
}
