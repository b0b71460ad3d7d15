/// Whether numbers mean the same in every type on every engine.
public struct ConversionFindings: Codable, Hashable, Sendable {
  /// Conversions on one engine.
  public struct Row: Codable, Hashable, Sendable {
    /// The engine.
    public var engine: String
    /// How many numbers were converted.
    public var checked: Int
    /// Those that came out other than documented, such as `float32 3e+09 → int32: 7, not 2147483647`.
    public var wrong: [String]
    /// What `[[1, 2], [3, 4]]` as int64 plus 1 gave: the account's third example.
    public var sum: [Int64]
    /// Its type.
    public var sumDType: String

    /// How many numbers a long int64 tensor had, to which 1 was added, too.
    public var longSumCount = 0
    /// How many of those sums were wrong.
    public var longSumWrong = 0
    /// How long that took, in seconds.
    public var longSumSeconds = 0.0

    /// Whether int64 plus 1 gave what it should.
    public var isSumRight: Bool { sum == [2, 3, 4, 5] && sumDType == "int64" && longSumWrong == 0 }
  }

  /// A type and back: how many of the numbers return.
  public struct RoundTrip: Codable, Hashable, Sendable {
    /// The type that they have.
    public var from: String
    /// The type they go through.
    public var through: String
    /// How many of the numbers come back with the same bits, on every engine.
    public var returned: Int
    /// How many there were.
    public var count: Int
  }

  /// An engine each.
  public var rows: [Row]
  /// By types. What is lost here is lost by the types themselves, the same on every engine.
  public var roundTrips: [RoundTrip]
  /// Engines that don't run here, or stopped.
  public var omissions: [Omission]
}
