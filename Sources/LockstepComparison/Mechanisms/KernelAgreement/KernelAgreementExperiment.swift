import LockstepCore

/// Multiplies the same matrices with every kernel set, for every K: each kernel once over all K, then the
/// results are held against each other. Every K is looked at: kernels that differ at one may agree at the next.
public struct KernelAgreementExperiment {
  /// Twice the largest K* that was ever seen between kernels of x86-64.
  public static let defaultLargestInner = 768

  /// The part of the time that kernels may take; the rest is for holding their products against each other.
  private static let kernelShare = 0.7

  private let candidates: [KernelCandidate]
  private let series: ProductSeries
  private let deadline: Deadline
  private let report: (String) -> Void

  /// Prepares the experiment.
  ///
  /// - Parameters:
  ///   - candidates: kernel sets; those that are not here are reported, with the reason.
  ///   - largestInner: the largest K.
  ///   - report: is told which kernel set is under way.
  public init(
    _ candidates: [KernelCandidate], largestInner: Int = defaultLargestInner, until deadline: Deadline,
    report: @escaping (String) -> Void = { _ in }
  ) {
    self.candidates = candidates
    series = ProductSeries(largestInner: largestInner)
    self.deadline = deadline
    self.report = report
  }

  /// What a kernel set computed: the products for K = 1, 2, …
  private struct Products {
    let name: String
    var values: [[Float]] = []
    var problem: String?
  }

  /// Runs every kernel set within its share of the time.
  public func run() -> KernelAgreement {
    var results: [Products] = []
    let kernelEnd = deadline.within(deadline.secondsLeft * Self.kernelShare)
    for (index, candidate) in candidates.enumerated() {
      let share = kernelEnd.secondsLeft / Double(candidates.count - index)
      results.append(multiply(candidate, until: kernelEnd.within(share)))
    }
    var tally = AgreementTally(results.map { ($0.name, $0.values) })
    tally.walk(series, until: deadline)
    let kernels = zip(results, tally.largestErrors).map { result, error in
      KernelAgreement.Kernel(
        name: result.name, largestInner: min(result.values.count, tally.largestInner), largestError: error,
        problem: result.problem)
    }
    return KernelAgreement(
      rowCount: series.rowCount, columnCount: series.columnCount, largestInner: series.largestInner,
      kernels: kernels, pairs: tally.pairs.filter { $0.largestInner > 0 }, note: note(results, tally))
  }

  private func note(_ results: [Products], _ tally: AgreementTally) -> String? {
    let short = results.filter { $0.problem == Self.noTime }.map(\.name)
    var notes: [String] = []
    if !short.isEmpty {
      notes.append(
        "there was no time for all K up to \(series.largestInner) with \(short.joined(separator: ", "))")
    }
    let computed = results.map(\.values.count).max() ?? 0
    if tally.largestInner < computed {
      notes.append("there was no time to compare products of K above \(tally.largestInner)")
    }
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }

  private static let noTime = "there was no time for more"

  private func multiply(_ candidate: KernelCandidate, until deadline: Deadline) -> Products {
    var result = Products(name: candidate.name)
    guard !deadline.hasPassed else {
      result.problem = Self.noTime
      return result
    }
    report(candidate.name)
    do {
      let device = try candidate.makeDevice()
      for inner in 1...series.largestInner {
        guard !deadline.hasPassed else {
          result.problem = Self.noTime
          break
        }
        result.values.append(try series.product(inner: inner, on: device))
      }
    } catch {
      result.problem = error.brief
    }
    return result
  }
}
