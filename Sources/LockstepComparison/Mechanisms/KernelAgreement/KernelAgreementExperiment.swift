import LockstepCore

/// Multiplies the same matrices with every kernel set, for every K: each kernel once over all K, then the
/// results are held against each other. Every K is looked at: kernels that differ at one may agree at the next.
public struct KernelAgreementExperiment {
  /// Twice the largest K* that was ever seen between kernels of x86-64.
  public static let defaultLargestInner = 768

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
    for (index, candidate) in candidates.enumerated() {
      let share = deadline.secondsLeft / Double(candidates.count - index)
      results.append(multiply(candidate, until: deadline.within(share)))
    }
    var tally = AgreementTally(results.map { ($0.name, $0.values) })
    tally.walk(series)
    let kernels = zip(results, tally.largestErrors).map { result, error in
      KernelAgreement.Kernel(
        name: result.name, largestInner: result.values.count, largestError: error, problem: result.problem)
    }
    let short = kernels.filter { $0.problem == Self.noTime }.map(\.name)
    return KernelAgreement(
      rowCount: series.rowCount, columnCount: series.columnCount, largestInner: series.largestInner,
      kernels: kernels, pairs: tally.pairs,
      note: short.isEmpty
        ? nil
        : "there was no time for all K up to \(series.largestInner) with \(short.joined(separator: ", "))")
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
      result.problem = "\(error)"
    }
    return result
  }
}
