/// A chart's numbers: for the script that reads them out, and as a table.
struct ChartData {
  /// One series of points as it is read out.
  private struct Track {
    var group: Int
    var name: String
    var points: [Chart.Point]
    var isFaint = false
    /// The other end, where a point stands for a range.
    var ends: [ClosedRange<Double>?] = []
  }

  /// All the points a page may carry for one chart, and the fewest of a series.
  private enum Limit {
    static let points = 8_000
    static let least = 64
    static let rows = 60
  }

  private let chart: Chart
  private let tracks: [Track]
  private let categories: [String]

  init(_ chart: Chart) {
    self.chart = chart
    if case .categories(let names) = chart.hasHorizontalBars ? chart.y.scale : chart.x.scale {
      categories = names
    } else {
      categories = []
    }
    let numbers = Dictionary(uniqueKeysWithValues: chart.groups.enumerated().map { ($1, $0) })
    tracks = chart.marks.compactMap { mark in
      switch mark {
      case .line(let series), .points(let series):
        Track(
          group: numbers[series.group] ?? 0, name: series.name, points: series.points, isFaint: series.isFaint
        )
      case .bars(let bars):
        Track(
          group: numbers[bars.group] ?? 0, name: bars.group,
          points: bars.values.enumerated().map { Chart.Point(Double($0), $1) }, ends: bars.intervals)
      case .band(let band):
        Track(
          group: numbers[band.group] ?? 0, name: "\(band.group), range", points: band.upper, isFaint: true,
          ends: zip(band.lower, band.upper).map { $0.y <= $1.y ? $0.y...$1.y : nil })
      case .verticalRule, .horizontalRule: nil
      }
    }
  }

  /// What the script reads, in which nothing can end a `script` element.
  var json: String {
    let limit = max(Limit.least, Limit.points / max(1, tracks.count))
    let series = tracks.map { track -> String in
      let points = track.ends.isEmpty ? Decimation.thinned(track.points, to: limit) : track.points
      let values = points.enumerated().compactMap { index, point -> String? in
        guard point.x.isFinite, point.y.isFinite else { return nil }
        guard !track.ends.isEmpty, let ends = track.ends[index] else {
          return "[\(Self.number(point.x)),\(Self.number(point.y))]"
        }
        return "[\(Self.number(point.x)),\(Self.number(point.y)),\(Self.quoted(Self.text(ends)))]"
      }
      return "{\"name\":\(Self.quoted(track.name)),\"ink\":\(track.group % Palette.groups.count),"
        + "\"faint\":\(track.isFaint),\"points\":[\(values.joined(separator: ","))]}"
    }
    return "{\"x\":\(Self.quoted(chart.hasHorizontalBars ? chart.y.label : chart.x.label)),"
      + "\"y\":\(Self.quoted(chart.hasHorizontalBars ? chart.x.label : chart.y.label)),"
      + "\"categories\":[\(categories.map(Self.quoted).joined(separator: ","))],"
      + "\"series\":[\(series.joined(separator: ","))]}"
  }

  /// The points as rows: by series, thinned to what a person would read.
  var table: Table {
    let limit = max(8, Limit.rows * 6 / max(1, tracks.count))
    let rows = tracks.flatMap { track -> [[Table.Cell]] in
      let points =
        track.ends.isEmpty ? Decimation.thinned(track.points, to: min(limit, Limit.rows)) : track.points
      return points.enumerated().map { index, point in
        let ends = track.ends.isEmpty ? nil : track.ends[index]
        return [
          .init(track.name), .init(name(of: point.x)), .init(Magnitude.text(point.y)),
          .init(ends.map(Self.text) ?? ""),
        ]
      }
    }
    let total = tracks.reduce(0) { $0 + $1.points.count }
    let caption = rows.count < total ? "\(chart.title): \(rows.count) of \(total) points" : chart.title
    let hasEnds = tracks.contains { !$0.ends.compactMap(\.self).isEmpty }
    let columns: [Table.Column] = [
      "series", .init(chart.x.label, isNumeric: categories.isEmpty), .number(chart.y.label),
      .number("interval"),
    ]
    return Table(
      caption, columns: hasEnds ? columns : Array(columns.prefix(3)),
      rows: hasEnds ? rows : rows.map { Array($0.prefix(3)) })
  }

  private func name(of x: Double) -> String {
    guard !categories.isEmpty else { return Magnitude.text(x) }
    return categories.indices.contains(Int(x)) ? categories[Int(x)] : Magnitude.text(x)
  }

  private static func text(_ range: ClosedRange<Double>) -> String {
    "\(Magnitude.text(range.lowerBound)) to \(Magnitude.text(range.upperBound))"
  }

  /// A JSON number of seven significant digits, one more than is read out.
  private static func number(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let exponent = Magnitude.exponent(of: value)
    let digits = Magnitude.scaled(value, by: 6 - exponent).rounded()
    let text = "\(Magnitude.scaled(digits, by: exponent - 6))"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A JSON string that is safe within a `script` element: no `<`, no line separators.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\", "<", ">", "&", "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
