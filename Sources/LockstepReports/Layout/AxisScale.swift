#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where numbers lie along an axis, and which of them are written beside it.
struct AxisScale: Sendable {
  /// A number written beside an axis, or a small stroke without a label.
  struct Tick: Hashable, Sendable {
    var value: Double
    var label: String?
  }

  let kind: Chart.Axis.Scale
  /// What lies at the axis' start, as a logarithm on a logarithmic axis.
  let lower: Double
  /// What lies at its end.
  let upper: Double
  private(set) var ticks: [Tick] = []

  /// An axis that holds `range`.
  ///
  /// - Parameters:
  ///   - range: What must be on the axis, nil where there is nothing to draw.
  ///   - isWhole: Whether only whole numbers are of interest, such as epochs.
  ///   - padding: What is left free at the ends, in parts of the range.
  ///   - hasBars: Whether bars grow along it: a logarithmic axis then starts at a power of ten below them.
  ///   - tickCount: About how many numbers there is room for.
  init(
    _ kind: Chart.Axis.Scale, range: ClosedRange<Double>?, isWhole: Bool = false, padding: Double = 0,
    hasBars: Bool = false, tickCount: Int
  ) {
    self.kind = kind
    switch kind {
    case .categories(let names):
      (lower, upper) = (-0.5, Double(max(1, names.count)) - 0.5)
      ticks = names.indices.map { Tick(value: Double($0), label: names[$0]) }
    case .linear:
      (lower, upper) = Self.linearEnds(range ?? 0...1, padding: padding)
      ticks = LinearTicks(lower: lower, upper: upper, count: tickCount, isWhole: isWhole).ticks
    case .logarithmic:
      (lower, upper) = Self.logarithmicEnds(range ?? 0.1...10, padding: padding, hasBars: hasBars)
      ticks = LogarithmicTicks(lower: lower, upper: upper, count: tickCount).ticks
    }
  }

  /// Where a number lies, from 0 at the axis' start to 1 at its end; nil if the axis has no place for it.
  func fraction(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    var value = value
    if kind == .logarithmic {
      guard value > 0 else { return nil }
      value = log10(value)
    }
    // Scaled, because the difference of two numbers may be beyond what a Double holds.
    let scale = max(abs(lower), abs(upper))
    return (value / scale - lower / scale) / (upper / scale - lower / scale)
  }

  /// The number bars grow from, in parts of the axis.
  var baseline: Double { min(1, max(0, fraction(0) ?? 0)) }

  private static func linearEnds(_ range: ClosedRange<Double>, padding: Double) -> (Double, Double) {
    let limit = 4e307
    var (low, high) = (max(range.lowerBound, -limit), min(range.upperBound, limit))
    let magnitude = max(abs(low), abs(high))
    // Below that the axis' numbers could not be told apart.
    let least = magnitude * 1e-9
    if high - low <= least {
      let half = magnitude < 1e-300 ? 1 : low == high ? magnitude * 0.1 : least
      (low, high) = (low - half, high + half)
    }
    let room = (high - low) * padding
    // Nothing below zero is nothing to leave room for.
    let isPositive = low >= 0 && range.lowerBound != range.upperBound
    let isNegative = high <= 0 && range.lowerBound != range.upperBound
    return (isPositive ? max(0, low - room) : low - room, isNegative ? min(0, high + room) : high + room)
  }

  private static func logarithmicEnds(
    _ range: ClosedRange<Double>, padding: Double, hasBars: Bool
  ) -> (Double, Double) {
    let (lowest, high) = (log10(range.lowerBound), log10(range.upperBound))
    // Not much below the lowest, which would be as good as no bar.
    let low = hasBars ? floor(lowest - 0.15) : lowest
    guard high - low > 1e-6 else { return (low - 0.5, high + 0.5) }
    let room = (high - low) * padding
    return (hasBars ? low : low - room, high + room)
  }
}
