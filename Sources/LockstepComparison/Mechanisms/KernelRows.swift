import LockstepCore

/// Rows of the mechanisms table that the kernels' experiments fill.
extension MechanismRow {
  /// A K* below this is not blocking: fused multiply-adds differ from the second term on, and kernels that
  /// treat the last few terms apart soon after.
  private static let smallestBlock = 32
  /// Errors that are so many times as large are not chance.
  private static let clearRatio = 4.0
  /// A variance that is off by this much, relative to itself, is of no use.
  private static let uselessError = 0.01

  /// GEMM blocking.
  public static func matrixBlocking(_ agreement: KernelAgreement?) -> MechanismRow {
    let parting = agreement?.pairs.filter { ($0.firstDifference ?? 0) >= smallestBlock } ?? []
    let evidence = "float32 products of random matrices for every K, each kernel set in a worker of its own"
    let outcome: Outcome =
      agreement.map { $0.pairs.isEmpty } ?? true
      ? .notRunHere : parting.isEmpty ? .notReproduced : .reproduced
    return MechanismRow(
      "kernels' matrix products agree bit for bit up to a size, then differ", belongsTo: .dispatch,
      expected: """
        first K that differs: Prescott/Nehalem 129, SkylakeX/Cooperlake 321, Nehalem/Sandybridge 385, \
        Nehalem/Haswell (FMA) 2; about 90 % of the elements
        """,
      outcome: outcome, figure: agreement.map(blockingFigure) ?? "there was no time", evidence: evidence)
  }

  private static func blockingFigure(_ agreement: KernelAgreement) -> String {
    guard !agreement.pairs.isEmpty else { return "fewer than two kernel sets ran" }
    let told = [
      ("Prescott", "Nehalem"), ("SkylakeX", "Cooperlake"), ("Nehalem", "Sandybridge"), ("Nehalem", "Haswell"),
    ]
    let known = told.compactMap { agreement.pair($0.0, $0.1) }.map { pair in
      "\(pair.first)/\(pair.second) \(pair.firstDifference.map(String.init) ?? "none to \(pair.largestInner)")"
    }
    let differing = agreement.pairs.filter { $0.firstDifference != nil }
    let share = differing.map(\.shareBeyond).max() ?? 0
    let count = "\(differing.count) of \(agreement.pairs.count) pairs of kernel sets differ"
    let most = differing.isEmpty ? "" : ", in up to \(NumberFormat.fixed(share * 100, 0)) % of the elements"
    return (known.isEmpty ? "" : "first K: \(known.joined(separator: ", ")); ") + count + most
  }

  /// Few accumulators.
  public static func fewAccumulators(_ growth: ErrorGrowth?) -> MechanismRow {
    let names = [Summation.accumulators(.one), .accumulators(.four), .accumulators(.thirtyTwo), .pairwise]
      .map(\.name)
    let figures = names.map { name in (name, growth?.series(of: .sum, by: name)?.points.last) }
    let errors = figures.compactMap { name, point in point.map { (name, $0) } }
    var outcome = Outcome.notRunHere
    var figure = "there was no time"
    if errors.count == names.count {
      let ratio = errors[0].1.median / errors[2].1.median
      outcome = ratio >= clearRatio ? .reproduced : .notReproduced
      let list = errors.map { "\($0.0) \(NumberFormat.significant($0.1.median))" }
      figure = "n = \(NumberFormat.grouped(errors[0].1.count)): \(list.joined(separator: ", "))"
    }
    return MechanismRow(
      "float32 sums with few accumulators lose digits as n grows", belongsTo: .kernelWidth,
      expected: "error in 2⁻²⁴ at n = 10⁷: 1 accumulator 660, 4 189, 32 15.5, pairwise 0.7",
      outcome: outcome, figure: figure, evidence: "plain loops against double precision, medians of draws")
  }

  /// One-pass variance.
  public static func onePassVariance(_ growth: ErrorGrowth?) -> MechanismRow {
    let name = Summation.accumulators(.one).name
    let onePassPoints = growth?.series(of: .onePassVariance, by: name)?.points ?? []
    let twoPassPoints = growth?.series(of: .twoPassVariance, by: name)?.points ?? []
    var outcome = Outcome.notRunHere
    var figure = "there was no time"
    if let point = onePassPoints.last, let value = point.value, let exact = point.exact,
      let other = twoPassPoints.last(where: { $0.count == point.count })?.value
    {
      // With one accumulator two passes fail, too, once the mean itself is lost: any n may show it.
      let isWorse = zip(onePassPoints, twoPassPoints).contains {
        $0.median * 0x1p-24 >= uselessError && $0.median > clearRatio * $1.median
      }
      outcome = isWorse ? .reproduced : .notReproduced
      figure = """
        n = \(NumberFormat.grouped(point.count)): \(NumberFormat.fixed(value, 3)) in one pass and \
        \(NumberFormat.fixed(other, 3)) in two, instead of \(NumberFormat.fixed(exact, 3))
        """
    }
    return MechanismRow(
      "one-pass variance cancels where the mean is large", belongsTo: .kernelWidth,
      expected: "mean 1000, standard deviation 1, n = 10⁷: −24760 instead of 1",
      outcome: outcome, figure: figure, evidence: "plain loops against double precision")
  }
}
