/// Up to which size kernels give the same bits, and what they differ by beyond it.
///
/// A sum of K products is rounded K times, and kernels cut it into other pieces: into blocks that fit their
/// caches, into as many accumulators as they have registers, with or without fused multiply-adds. Up to a size
/// K* two kernels may well cut alike.
public struct KernelAgreement: Codable, Hashable, Sendable {
  /// A kernel set of OpenBLAS.
  public struct Kernel: Codable, Hashable, Sendable {
    /// What it is called, such as `SkylakeX`.
    public var name: String
    /// The largest K it has computed; 0 if none.
    public var largestInner: Int
    /// The largest error of an element over all K against the product in double precision, in u·|A||B|, the
    /// rounding of one number as large as the terms' magnitudes together.
    public var largestError: Double
    /// Why it is not here, or went no further; nil of one that computed everything.
    public var problem: String?

    /// Whether it computed anything.
    public var didRun: Bool { largestInner > 0 }
  }

  /// Two kernel sets that both ran.
  public struct Pair: Codable, Hashable, Sendable {
    /// One.
    public var first: String
    /// The other.
    public var second: String
    /// The largest K that both computed.
    public var largestInner: Int
    /// K*: the least K whose products differ in any bit; nil if there is none.
    public var firstDifference: Int?
    /// How many of the K from K* on differ.
    public var differingInnerCount: Int
    /// The share of elements that differ at K*.
    public var shareAtFirst: Double
    /// The share of elements that differ, over all K from K* on.
    public var shareBeyond: Double
    /// The most representable numbers between two elements.
    public var largestUlps: Double
    /// The largest difference of two elements, in u·|A||B|.
    public var largestDifference: Double
  }

  /// Rows of the products.
  public var rowCount: Int
  /// Columns of the products.
  public var columnCount: Int
  /// The largest K that was asked for.
  public var largestInner: Int
  /// The kernels in the order they were tried.
  public var kernels: [Kernel]
  /// Every two that ran.
  public var pairs: [Pair]
  /// What there was no time for; nil if nothing is missing.
  public var note: String?

  /// What is known of two kernels, in whichever order.
  public func pair(_ first: String, _ second: String) -> Pair? {
    pairs.first { ($0.first, $0.second) == (first, second) || ($0.first, $0.second) == (second, first) }
  }
}
