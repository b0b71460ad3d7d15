/// The examples of an account of training on an emulated CPU, on every engine: what they cost, whether the
/// bits are the same, and how right they are.
public struct AccountExamples: Codable, Hashable, Sendable {
  /// What is computed.
  public enum Subject: String, Codable, CaseIterable, Sendable {
    /// A product of two square matrices of uniform float64 numbers, 2000×2000.
    case matmul64 = "matrix product, float64"
    /// The same in float32.
    case matmul32 = "matrix product, float32"
    /// A convolution 3×3 from 3 to 16 channels with its borders, and ReLU, of an image of 256×256.
    case convolution = "Conv2D 3×3, 3 → 16, same, ReLU"

    /// The size that is asked for: rows and columns.
    public var askedSize: Int { self == .convolution ? 256 : 2000 }
  }

  /// An example on an engine.
  public struct Run: Codable, Hashable, Sendable {
    /// The engine.
    public var engine: String
    /// What is computed.
    public var subject: Subject
    /// Rows and columns, cut until the time suffices.
    public var size: Int
    /// The first call, in seconds.
    public var firstSeconds: Double
    /// The later calls, in seconds, the median; nil where there was time for the first alone.
    public var warmSeconds: Double?
    /// How many later calls there were.
    public var repetitions: Int
    /// The largest error of the sampled elements, in u·Σ|a||b| (u = 2⁻²⁴ or 2⁻⁵³): 1 is one rounding.
    public var error: Double
    /// How many elements were held against the exact ones.
    public var sampled: Int

    /// Whether the size is what was asked for.
    public var isComplete: Bool { size == subject.askedSize }
  }

  /// Two engines' bits.
  public struct Equality: Codable, Hashable, Sendable {
    /// What is computed.
    public var subject: Subject
    /// One engine.
    public var first: String
    /// The other.
    public var second: String
    /// The size at which they are compared: the larger that both did.
    public var size: Int
    /// How many elements have other bits.
    public var differing: Int
    /// How many elements there are.
    public var count: Int
  }

  /// Every example on every engine.
  public var runs: [Run]
  /// Every pair of engines.
  public var equalities: [Equality]
  /// What was left out.
  public var omissions: [Omission]

  /// An example on an engine.
  public func run(_ subject: Subject, _ engine: String) -> Run? {
    runs.first { $0.subject == subject && $0.engine == engine }
  }
}
