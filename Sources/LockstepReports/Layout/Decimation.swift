/// Leaves out points that no eye would see, and keeps those that it would: each pixel column's first, lowest,
/// highest and last.
enum Decimation {
  /// Points of a line in pixels, cut into runs at gaps (nil) and thinned.
  static func runs(_ points: some Sequence<Chart.Point?>) -> [[Chart.Point]] {
    var runs: [[Chart.Point]] = []
    var run: [Chart.Point] = []
    for point in points {
      if let point {
        run.append(point)
      } else if !run.isEmpty {
        runs.append(run)
        run = []
      }
    }
    if !run.isEmpty { runs.append(run) }
    return runs.map { thinned($0, columnOf: { Int($0.x.rounded(.down)) }) }
  }

  /// The points that stand for all those in their column, in the order they came in.
  static func thinned(_ points: [Chart.Point], columnOf column: (Chart.Point) -> Int) -> [Chart.Point] {
    var kept: [Chart.Point] = []
    var start = 0
    while start < points.count {
      let current = column(points[start])
      let end = points[start...].firstIndex { column($0) != current } ?? points.count
      kept += extremes(points[start..<end])
      start = end
    }
    return kept
  }

  /// At most `limit` points for a person to read or a script to move along, with the extremes kept.
  static func thinned(_ points: [Chart.Point], to limit: Int) -> [Chart.Point] {
    guard points.count > limit else { return points }
    let width = (4 * points.count + limit - 1) / limit
    return stride(from: 0, to: points.count, by: width).flatMap { start in
      extremes(points[start..<min(points.count, start + width)])
    }
  }

  /// The first, lowest, highest and last point, each once. A number that is not finite is neither.
  private static func extremes(_ points: ArraySlice<Chart.Point>) -> [Chart.Point] {
    var (lowest, highest) = (points.startIndex, points.startIndex)
    for index in points.indices {
      if !(points[lowest].y <= points[index].y) && points[index].y.isFinite { lowest = index }
      if !(points[highest].y >= points[index].y) && points[index].y.isFinite { highest = index }
    }
    return Set([points.startIndex, lowest, highest, points.endIndex - 1]).sorted().map { points[$0] }
  }

  /// Points by themselves: one for each cell of a grid that is as fine as `limit` allows.
  static func scattered(_ points: [Chart.Point], limit: Int) -> [Chart.Point] {
    var cell = 0.5
    var kept = points
    while kept.count > limit {
      struct Place: Hashable { var column: Int, row: Int }
      var taken: Set<Place> = []
      kept = kept.filter {
        taken.insert(Place(column: Int($0.x / cell), row: Int($0.y / cell))).inserted
      }
      cell *= 2
    }
    let extremes = [
      points.min { $0.y < $1.y }, points.max { $0.y < $1.y }, points.min { $0.x < $1.x },
      points.max { $0.x < $1.x },
    ]
    return kept + extremes.compactMap(\.self).filter { !kept.contains($0) }
  }
}
