/// A loss curve being read, row by row.
struct CurveTable {
  private struct Row {
    let line: Int
    let step: Int
    let loss: Double
    let time: Double?
    let epoch: Int?
  }

  /// A number of so many digits tells float32 numbers apart; with fewer, losses were written rounded.
  private static let exactDigits = 8

  private let path: String
  private var rows: [Row] = []

  init(path: String) { self.path = path }

  /// Adds a row; what a cell says of step, time and epoch must be a number.
  ///
  /// - Throws: ``CurveError`` with the line of a cell that is no number.
  mutating func add(line: Int, step: String?, loss: String, time: String?, epoch: String?) throws(CurveError)
  {
    guard let value = Double(loss) else {
      throw CurveError(path, line: line, "the loss '\(Self.clipped(loss))' is not a number")
    }
    let step = try step.map { text throws(CurveError) in try whole(text, "step", line) } ?? rows.count + 1
    rows.append(
      Row(
        line: line, step: step, loss: value, time: time.flatMap(Double.init),
        epoch: epoch.flatMap(Double.init).flatMap { Int(exactly: $0.rounded(.down)) }))
  }

  /// The curve, its rows by rising step.
  ///
  /// - Throws: ``CurveError`` if there are no rows and there must be some, or two of one step.
  func curve(_ label: String, seed: UInt64?, mayBeEmpty: Bool = false) throws(CurveError) -> LossCurve {
    guard mayBeEmpty || !rows.isEmpty else { throw CurveError("\(path) holds no losses") }
    let sorted = rows.sorted { ($0.step, $0.line) < ($1.step, $1.line) }
    for (first, second) in zip(sorted, sorted.dropFirst()) where first.step == second.step {
      throw CurveError(path, line: second.line, "step \(second.step) is there already, in line \(first.line)")
    }
    let seconds = secondsPerStep(sorted)
    let epochs = sorted.compactMap(\.epoch)
    let hasEpochs = epochs.count == sorted.count
    return LossCurve(
      label, seed: seed, steps: sorted.map(\.step), losses: rounded(sorted.map(\.loss)),
      epochs: hasEpochs ? epochs : nil, secondsPerStep: seconds,
      epochSeconds: hasEpochs ? Self.epochSeconds(epochs, seconds) : [],
      quantum: Self.quantum(sorted.map(\.loss)))
  }

  private func whole(_ text: String, _ what: String, _ line: Int) throws(CurveError) -> Int {
    // Pandas writes whole numbers as 12.0 where a column has gaps.
    guard let value = Double(text), let whole = Int(exactly: value) else {
      throw CurveError(path, line: line, "the \(what) '\(Self.clipped(text))' is not a whole number")
    }
    return whole
  }

  /// Times as durations: a column that never goes back over three rows or more is a clock.
  private func secondsPerStep(_ rows: [Row]) -> [Double]? {
    let times = rows.compactMap(\.time)
    guard times.count == rows.count, times.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
    let isClock = times.count > 2 && zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }
    guard isClock else { return times }
    // What the first took can't be told from a clock: as long as the second, say.
    let differences = zip(times.dropFirst(), times).map { $0 - $1 }
    return [differences[0]] + differences
  }

  /// Numbers of up to nine digits are float32 numbers in their shortest form: the same ones as elsewhere in full.
  private func rounded(_ losses: [Double]) -> [Double] {
    losses.allSatisfy { Self.digits(of: $0).count <= 9 } ? losses.map { Double(Float($0)) } : losses
  }

  private static func quantum(_ losses: [Double]) -> Double {
    let finite = losses.filter(\.isFinite)
    guard !finite.contains(where: { digits(of: $0).count >= exactDigits }) else { return 0 }
    return finite.map { digits(of: $0).lastPlace }.min() ?? 0
  }

  /// How many significant digits a number has, and the place of the last one.
  private static func digits(of value: Double) -> (count: Int, lastPlace: Double) {
    guard value.isFinite, value != 0 else { return (0, 1) }
    let text = "\(value.magnitude)"
    let parts = text.split(separator: "e")
    let point = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = point.count > 1 && point[1] != "0" ? point[1].count : 0
    let digits = (point[0] + (fraction > 0 ? point[1] : "")).drop { $0 == "0" }
    let exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - fraction
    return (digits.count, Double("1e\(exponent)") ?? 0)
  }

  /// The sums of whole epochs; the first and the last of a log may be cut.
  private static func epochSeconds(_ epochs: [Int], _ seconds: [Double]?) -> [Double] {
    guard let seconds else { return [] }
    var sums: [(epoch: Int, seconds: Double)] = []
    for (epoch, time) in zip(epochs, seconds) {
      if sums.last?.epoch == epoch {
        sums[sums.count - 1].seconds += time
      } else {
        sums.append((epoch, time))
      }
    }
    return sums.map(\.seconds)
  }

  private static func clipped(_ text: String) -> String { text.count <= 40 ? text : text.prefix(40) + "…" }
}
