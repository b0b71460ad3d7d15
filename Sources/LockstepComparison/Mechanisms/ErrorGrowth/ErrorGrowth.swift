import LockstepTraining

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How rounding errors grow with the number of terms, by what adds them.
///
/// Errors are against double precision and in u = 2⁻²⁴ of the exact result (of the sum of the terms'
/// magnitudes, where these have signs): 1 is what one rounding can do.
public struct ErrorGrowth: Codable, Hashable, Sendable {
  /// What is computed.
  public enum Quantity: String, Codable, CaseIterable, Sendable {
    /// Σ aᵢ of n numbers uniform in [0, 1).
    case sum
    /// Σ aᵢ bᵢ of n pairs uniform in [0, 1).
    case dot
    /// A product of 4 × n and n × 4 numbers, where n is a quarter of the others', uniform in [0, 1): the largest error of 16 elements.
    case matmul
    /// Σ x² / n − (Σ x / n)² of n normal numbers of mean 1000 and standard deviation 1.
    case onePassVariance
    /// Σ (x − m)² / n of the same numbers, with their mean m computed before.
    case twoPassVariance
    /// What probabilities of n standard normal logits add up to, against 1.
    case probabilitySum
    /// The largest relative error of those probabilities.
    case probability
  }

  /// What kind of code computed.
  public enum Kind: String, Codable, Sendable {
    /// ``Summation``: a loop without any kernel.
    case plain
    /// Lockstep's own kernels at an instruction-set level.
    case lockstep
    /// Matrix products of OpenBLAS.
    case blas
  }

  /// Errors for one n.
  public struct Point: Codable, Hashable, Sendable {
    /// The number of terms.
    public var count: Int
    /// The error of each draw of the numbers, in u.
    public var errors: [Double]
    /// What was computed from the last draw, where the quantity is one number.
    public var value: Double?
    /// What should have been computed from the last draw, where the quantity is one number.
    public var exact: Double?

    /// The typical error, in u.
    public var median: Double { errors.median }
  }

  /// What one kind of code makes of one quantity.
  public struct Series: Codable, Hashable, Sendable {
    /// What is computed.
    public var quantity: Quantity
    /// What computed it, such as `4 accumulators`, `x86-64-v3` or `Nehalem`.
    public var name: String
    /// What kind of code that is.
    public var kind: Kind
    /// By rising n.
    public var points: [Point]
    /// Why there are no points, or no more; nil where nothing is missing.
    public var problem: String?

    /// The exponent p of error ≈ c · nᵖ: the slope of a straight line through the logarithms of medians that
    /// are not 0; nil with fewer than three of them.
    public var exponent: Double? {
      let logarithms = points.filter { $0.median > 0 && $0.median.isFinite }
        .map { (x: log10(Double($0.count)), y: log10($0.median)) }
      guard logarithms.count >= 3 else { return nil }
      let x = logarithms.map(\.x).mean
      let y = logarithms.map(\.y).mean
      let covariance = logarithms.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
      return covariance / logarithms.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    }
  }

  /// All that was measured.
  public var series: [Series]
  /// What there was no time for; nil if nothing is missing.
  public var note: String?

  /// The series of a quantity.
  public func series(of quantity: Quantity) -> [Series] { series.filter { $0.quantity == quantity } }

  /// A series by what computed it.
  public func series(of quantity: Quantity, by name: String) -> Series? {
    series.first { $0.quantity == quantity && $0.name == name }
  }
}
