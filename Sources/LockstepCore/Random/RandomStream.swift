/// What a random sequence is for. Sequences of different purposes never overlap.
///
/// Raw values enter the generator's counter: changing one changes every run.
public enum RandomPurpose: UInt32, Sendable {
  /// Initial weights.
  case initialization = 1
  /// The order of examples in an epoch.
  case shuffle = 2
  /// What a dropout layer drops.
  case dropout = 3
  /// How images are varied.
  case augmentation = 4
  /// Which examples validate.
  case split = 5
  /// Where and when a fault that is injected on purpose strikes.
  case fault = 6
  /// The signs that a check adds up results with.
  case check = 7
  /// Which permutations a statistical test tries.
  case permutation = 8
  /// The numbers of numerical experiments.
  case experiment = 9
  /// Which images of a batch are mixed, and how.
  case mixing = 10
  /// For programs that use the framework.
  case user = 100
}

/// A random sequence that is a pure function of (seed, purpose, index): the same on every backend, thread
/// count and architecture.
///
/// The 64-bit seed is the Philox key; the counter holds the position (32 bits), the purpose and the
/// 64-bit index.
public struct RandomStream: Sendable {
  private let key: SIMD2<UInt32>
  private let purpose: UInt32
  private let index: UInt64
  private var block = SIMD4<UInt32>()
  private var position: UInt64 = 0

  /// Creates the sequence; `index` tells apart the sequences of one purpose, such as the epoch.
  public init(seed: UInt64, purpose: RandomPurpose, index: UInt64 = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.purpose = purpose.rawValue
    self.index = index
  }

  /// The next 32 random bits. A sequence has 2³⁴ of them.
  public mutating func next() -> UInt32 {
    let lane = Int(position & 3)
    if lane == 0 {
      trap(unless: position >> 34 == 0, "a random stream of 2^34 words is used up")
      let counter = SIMD4(
        UInt32(truncatingIfNeeded: position >> 2), purpose,
        UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32))
      block = Philox.block(counter: counter, key: key)
    }
    position += 1
    return block[lane]
  }

  /// The next 64 random bits.
  public mutating func next64() -> UInt64 {
    let low = UInt64(next())
    return UInt64(next()) << 32 | low
  }

  /// A whole number in `0..<bound`, each equally likely (Lemire's multiplication with rejection).
  public mutating func next(below bound: Int) -> Int {
    trap(unless: bound > 0, "the bound must be positive: \(bound)")
    let bound = UInt64(bound)
    var product = next64().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next64().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// A `Float` in [0, 1): a multiple of 2⁻²⁴, each equally likely.
  public mutating func uniform() -> Float { Float(next() >> 8) * 0x1p-24 }

  /// A `Double` in (0, 1), never 0 or 1: an odd multiple of 2⁻⁵³.
  public mutating func openUniform() -> Double { (Double(next64() >> 12) + 0.5) * 0x1p-52 }

  /// A standard normal `Double`, by inversion of ``openUniform()``: one draw a value, no rejection.
  public mutating func normal() -> Double { NormalDistribution.quantile(openUniform()) }
}

extension RandomStream {
  /// An index for ``init(seed:purpose:index:)`` made from a name, such as a parameter's path (FNV-1a, 64 bits).
  public static func index(of name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }
}
