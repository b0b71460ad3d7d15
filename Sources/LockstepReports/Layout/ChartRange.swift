/// What a chart's marks span on an axis.
struct ChartRange {
  private(set) var range: ClosedRange<Double>?
  /// Whether every number is a whole one.
  private(set) var isWhole = true
  private let isLogarithmic: Bool

  init(_ scale: Chart.Axis.Scale) { isLogarithmic = scale == .logarithmic }

  mutating func include(_ value: Double) {
    guard value.isFinite, !isLogarithmic || value > 0 else { return }
    if isWhole && value != value.rounded() { isWhole = false }
    guard let range else { return range = value...value }
    if !range.contains(value) {
      self.range = min(range.lowerBound, value)...max(range.upperBound, value)
    }
  }
}

extension Chart {
  /// Whether bars lie on their side: where the categories are on the vertical axis.
  var hasHorizontalBars: Bool {
    if case .categories = y.scale, case .categories = x.scale { return false }
    if case .categories = y.scale { return true }
    return false
  }

  /// What the marks span on both axes.
  var ranges: (x: ChartRange, y: ChartRange) {
    var (x, y) = (ChartRange(x.scale), ChartRange(y.scale))
    func include(_ points: [Point]) {
      // A point counts only if the chart can show it.
      for point in points where point.x.isFinite && point.y.isFinite {
        x.include(point.x)
        y.include(point.y)
      }
    }
    for mark in marks {
      switch mark {
      case .line(let series), .points(let series): include(series.points)
      case .band(let band):
        include(band.lower)
        include(band.upper)
      case .bars(let bars):
        let ends =
          [0] + bars.values + bars.intervals.compactMap(\.self).flatMap { [$0.lowerBound, $0.upperBound] }
        for edge in [-0.5, Double(bars.values.count) - 0.5] where !bars.values.isEmpty {
          hasHorizontalBars ? y.include(edge) : x.include(edge)
        }
        for end in ends { hasHorizontalBars ? x.include(end) : y.include(end) }
      case .verticalRule(let value, _): x.include(value)
      case .horizontalRule(let value, _): y.include(value)
      }
    }
    return (x, y)
  }

  /// Whether anything is drawn with bars.
  var hasBars: Bool { marks.contains { if case .bars = $0 { true } else { false } } }

  /// The groups' names in the order of their first marks: what the legend names.
  var groups: [String] {
    var seen: Set<String> = []
    return marks.compactMap { mark in
      switch mark {
      case .line(let series), .points(let series): series.group
      case .band(let band): band.group
      case .bars(let bars): bars.group
      case .verticalRule, .horizontalRule: nil
      }
    }.filter { seen.insert($0).inserted }
  }
}
