import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// S4: whether curves differ anywhere, by the largest |t| of 20 stretches of them.
struct WholeCurveTest {
  /// How many stretches.
  static let binCount = 20
  /// With fewer seeds no p-value is small enough.
  static let seedMinimum = 8
  /// The p-value that is significant.
  static let significance = 0.01

  private let pairs: [CurvePair]

  init(_ pairs: [CurvePair]) { self.pairs = pairs }

  var evidence: Evidence {
    if pairs.count < Self.seedMinimum {
      return Evidence(
        .wholeCurve, isApplied: false,
        "takes \(Self.seedMinimum) seeds, there \(pairs.count == 1 ? "is" : "are") \(pairs.count)")
    }
    guard let rows else {
      return Evidence(
        .wholeCurve, isApplied: false, "not all curves are finite and of the same 20 steps or more")
    }
    // Rounding may well have a direction. Stretches that nobody would see a difference in are left out: by
    // magnitudes, which flipping signs leaves alone, so that the test stays exact.
    let kept = (0..<Self.binCount).filter { bin in rows.contains { abs($0[bin]) > Parting.threshold } }
    guard !kept.isEmpty else {
      return Evidence(
        .wholeCurve, "nowhere more than \(NumberFormat.scientific(Parting.threshold)) apart", pValue: 1)
    }
    let chosen = rows.map { row in kept.map { row[$0] } }
    let p = SignFlipTest.largestT(chosen)
    let means = kept.indices.map { bin in chosen.map { $0[bin] }.mean }
    let largest = means.max { abs($0) < abs($1) } ?? 0
    let how = pairs.count <= SignFlipTest.exactLimit ? "exact" : "of \(SignFlipTest.sampleCount) random signs"
    return Evidence(
      .wholeCurve,
      "ln L differs by \(NumberFormat.fixed(largest, 5)) on average at most; p = \(NumberFormat.fixed(p, 4)), \(how)",
      statistic: largest, pValue: p, verdict: p <= Self.significance ? .diverged : nil)
  }

  /// For each pair the mean of ln L_B − ln L_A over each stretch.
  private var rows: [[Double]]? {
    guard let steps = pairs.first?.steps, steps.count >= Self.binCount,
      pairs.allSatisfy({ $0.steps == steps })
    else { return nil }
    let rows = pairs.map { pair in
      let differences = zip(pair.lossesA, pair.lossesB).map { log($1) - log($0) }
      return (0..<Self.binCount).map { bin in
        let range = bin * steps.count / Self.binCount..<(bin + 1) * steps.count / Self.binCount
        return Array(differences[range]).mean
      }
    }
    return rows.allSatisfy { $0.allSatisfy(\.isFinite) } ? rows : nil
  }
}
