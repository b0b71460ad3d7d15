import LockstepCore
import LockstepTraining

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Whether a run departs from another faster than legitimate rounding does: the exact within-seed permutation
/// test of growth.
///
/// Every training departs from another that rounds differently, slowly at first, in jumps once a ReLU flips.
/// That is chaos, and no fault. So a run B is held against A together with *twins*: runs of the same seed that
/// other kernels computed. If B is but another of them, then within each seed its growth might as well be any
/// twin's: the p-value is the share of all ways to choose one run of each seed whose growth is as large
/// together as B's.
public struct GrowthTest: Codable, Hashable, Sendable {
  /// The curves of one seed, at the same steps.
  public struct Seed: Sendable {
    /// The losses of A.
    public var a: [Double]
    /// The losses of B.
    public var b: [Double]
    /// The losses of each twin.
    public var twins: [[Double]]
    /// What is no difference at each step, where losses were written with few digits; nil where all are exact.
    public var floors: [Double]?

    /// Creates a seed's curves; traps unless all have as many steps.
    public init(a: [Double], b: [Double], twins: [[Double]], floors: [Double]? = nil) {
      precondition(([b] + twins).allSatisfy { $0.count == a.count }, "curves of one seed have the same steps")
      self.a = a
      self.b = b
      self.twins = twins
      self.floors = floors
    }
  }

  /// What makes a difference in growth significant.
  public static let significance = 0.01
  /// How much faster B must depart to be called diverged, in decades: factors of ten.
  public static let decisiveExcess = 1.0
  /// The window is where the median of all departures is at most so many roundings: beyond, chaos rules.
  public static let windowLimit = 100 * LossDifference.unitRoundoff
  /// The window where fewer than ``windowMinimum`` steps are within the limit.
  public static let defaultWindow = 20
  /// The fewest steps of a window.
  public static let windowMinimum = 5

  /// The number of seeds.
  public var seedCount: Int
  /// The fewest twins a seed has.
  public var twinCount: Int
  /// How many steps are looked at, for each seed.
  public var windows: [Int]
  /// The median growth within the window in decades, for each seed: B's first, then each twin's.
  public var growth: [[Double]]
  /// The share of choices that grow as much as B.
  public var pValue: Double
  /// Whether all choices were tried; otherwise as many random ones as are affordable.
  public var isExact: Bool
  /// The smallest p-value that so many seeds and twins can give.
  public var smallestPValue: Double
  /// By how many decades B's growth exceeds the twins' median, for each seed.
  public var excesses: [Double]

  /// Tests seeds, each with a twin or more; traps without a seed, or with one without steps or twins.
  public init(_ seeds: [Seed]) {
    precondition(!seeds.isEmpty, "a growth test needs a seed")
    precondition(
      seeds.allSatisfy { !$0.twins.isEmpty && !$0.a.isEmpty }, "a growth test needs twins and steps")
    seedCount = seeds.count
    twinCount = seeds.map(\.twins.count).min()!
    let measured = seeds.map { $0.growthWithinWindow() }
    windows = measured.map(\.window)
    growth = measured.map(\.growth)
    let choices = Choices(growth)
    (pValue, isExact) = choices.shareAtLeast(growth.reduce(0) { $0 + $1[0] } - 1e-12)
    smallestPValue = choices.smallestShare
    excesses = growth.map { $0[0] - Array($0.dropFirst()).median }
  }

  /// The median over seeds of how many decades B's growth exceeds the twins'.
  public var medianExcess: Double { excesses.median }

  /// The upper 95 % confidence limit of the mean excess; infinite for a single seed.
  public var excessUpperBound: Double {
    guard seedCount > 1 else { return .infinity }
    let error = excesses.standardDeviation / Double(seedCount).squareRoot()
    return excesses.mean + StudentT(degreesOfFreedom: Double(seedCount - 1)).quantile(0.95) * error
  }

  /// Whether B departs as no rounding does: significantly, and by more than a factor of ten.
  public var isDiverged: Bool {
    pValue <= GrowthTest.significance && medianExcess > GrowthTest.decisiveExcess
  }

  /// Whether B is shown to depart as rounding does: the excess is below a factor of ten with confidence. What
  /// is merely not refuted, for want of seeds, is not shown.
  public var isRounding: Bool {
    seedCount >= 3 && !isDiverged && excessUpperBound < GrowthTest.decisiveExcess
  }

  /// How many seeds it takes for a p-value of ``significance`` to be possible with so many twins.
  public static func seedsNeeded(twins: Int) -> Int {
    // Whole numbers: a logarithm may come out a hair above.
    var (seeds, choices) = (1, twins + 1)
    while Double(choices) * significance < 1 {
      seeds += 1
      choices *= twins + 1
    }
    return max(3, seeds)
  }
}

extension GrowthTest.Seed {
  /// The median growth of B and the twins within the window. The window is chosen by the median of all of
  /// them, B too: so it is the same whichever of them is called B, and the permutation test stays exact.
  fileprivate func growthWithinWindow() -> (growth: [Double], window: Int) {
    let curves = ([b] + twins).map { LossDifference.growth(a, $0, floors: floors) }
    let limit = log10(GrowthTest.windowLimit)
    // Growth never falls, so the steps within the limit come first.
    var window = a.indices.prefix { step in curves.map { $0[step] }.median <= limit }.count
    if window < GrowthTest.windowMinimum { window = min(GrowthTest.defaultWindow, a.count) }
    return (curves.map { Array($0.prefix(window)).median }, window)
  }
}
