import LockstepCore

/// Tests by flipping signs: if neither of two runs of a seed is special, their difference might as well have
/// had the other sign. All 2ᵏ ways are tried for up to ``exactLimit`` seeds, and random ones beyond.
public enum SignFlipTest {
  /// Up to so many seeds every way is tried.
  public static let exactLimit = 20
  /// How many random ways are tried beyond.
  public static let sampleCount = 20_000

  /// Whether differences have a mean other than 0.
  ///
  /// - Parameter differences: one for each seed.
  /// - Returns: the two-sided p-value, 1 for none.
  public static func mean(_ differences: [Double]) -> Double {
    let observed = abs(differences.mean)
    let tolerance = 1e-12 * (differences.map(abs).max() ?? 0)
    return pValue(differences.map { [$0] }) { sums in
      abs(sums[0]) / Double(differences.count) >= observed - tolerance
    }
  }

  /// Whether any column has a mean other than 0, by the largest |t| of all columns: the p-value is right for
  /// all columns together, however they hang together.
  ///
  /// - Parameter rows: a row for each seed, all of one length.
  /// - Returns: the p-value, 1 for fewer than two rows or no columns.
  public static func largestT(_ rows: [[Double]]) -> Double {
    guard rows.count > 1, let columns = rows.first?.count, columns > 0 else { return 1 }
    let squares = (0..<columns).map { column in rows.reduce(0) { $0 + $1[column] * $1[column] } }
    func largest(_ sums: [Double]) -> Double {
      let count = Double(rows.count)
      var largest = 0.0
      for column in 0..<columns {
        let mean = sums[column] / count
        let variance = max((squares[column] / count - mean * mean) / (count - 1), 1e-30)
        largest = max(largest, abs(mean) / variance.squareRoot())
      }
      return largest
    }
    let observed = largest((0..<columns).map { column in rows.reduce(0) { $0 + $1[column] } })
    return pValue(rows) { largest($0) >= observed * (1 - 1e-9) }
  }

  /// The share of the ways to choose signs whose sums are as extreme as those observed.
  private static func pValue(_ rows: [[Double]], isExtreme: ([Double]) -> Bool) -> Double {
    guard let first = rows.first else { return 1 }
    if rows.count > exactLimit { return sampledPValue(rows, isExtreme) }
    var count = 0
    // Flipping all signs changes no statistic here: the first row keeps its own.
    countExtreme(first, rows.dropFirst(), isExtreme, &count)
    return Double(count) / Double(1 << (rows.count - 1))
  }

  private static func countExtreme(
    _ sums: [Double], _ rest: ArraySlice<[Double]>, _ isExtreme: ([Double]) -> Bool, _ count: inout Int
  ) {
    guard let row = rest.first else {
      if isExtreme(sums) { count += 1 }
      return
    }
    countExtreme(zip(sums, row).map { $0 + $1 }, rest.dropFirst(), isExtreme, &count)
    countExtreme(zip(sums, row).map { $0 - $1 }, rest.dropFirst(), isExtreme, &count)
  }

  /// The observed way counts as one of the random ones, without which the p-value would be too small (Phipson
  /// and Smyth, 2010).
  private static func sampledPValue(_ rows: [[Double]], _ isExtreme: ([Double]) -> Bool) -> Double {
    var random = RandomStream(seed: 0, purpose: .permutation, index: UInt64(rows.count))
    var count = 1
    for _ in 0..<sampleCount {
      var sums = [Double](repeating: 0, count: rows[0].count)
      for row in rows {
        let sign = random.next(below: 2) == 0 ? 1.0 : -1.0
        for column in row.indices { sums[column] += sign * row[column] }
      }
      if isExtreme(sums) { count += 1 }
    }
    return Double(count) / Double(sampleCount + 1)
  }
}
