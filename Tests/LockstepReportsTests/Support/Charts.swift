import LockstepReports

extension Chart {
  /// A chart of a line through numbers at 0, 1, 2 …
  static func line(_ values: [Double], y: Axis.Scale = .linear) -> Chart {
    line(values.enumerated().map { Point(Double($0), $1) }, y: y)
  }

  /// A chart of a line through points.
  static func line(_ points: [Point], x: Axis.Scale = .linear, y: Axis.Scale = .linear) -> Chart {
    Chart(
      "A line", summary: "It goes somewhere.", x: .init("x", x), y: .init("y", y),
      marks: [.line(.init("one", points))])
  }

  /// A chart of bars with names a, b, c …
  static func bars(_ bars: [Bars], scale: Axis.Scale = .linear, names: [String] = ["a", "b", "c"]) -> Chart {
    Chart(
      "Bars", summary: "Some are longer.", x: .init("", .categories(names)), y: .init("length", scale),
      marks: bars.map(Mark.bars))
  }
}
