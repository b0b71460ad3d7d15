/// Width and height of an image, written `28x28`.
public struct ImageSize: Sendable, Hashable, CustomStringConvertible, LosslessStringConvertible {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int

  /// Creates a size.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Reads `WIDTHxHEIGHT`, or one number for a square; nil for anything else and for sides below 1.
  public init?(_ description: String) {
    let parts = description.split(separator: "x", omittingEmptySubsequences: false)
    let sides = parts.compactMap { Int($0) }
    guard sides.count == parts.count, (1...2).contains(sides.count), sides.allSatisfy({ $0 > 0 }) else {
      return nil
    }
    self.init(width: sides[0], height: sides[sides.count - 1])
  }

  /// The size as `WIDTHxHEIGHT`.
  public var description: String { "\(width)x\(height)" }
}
