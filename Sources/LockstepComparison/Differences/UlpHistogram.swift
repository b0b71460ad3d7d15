import LockstepCore

/// How many elements of two results lie how many representable numbers apart.
///
/// Distances are counted in classes that double in width: 0 (equal in value and not in bits, as the two zeros
/// are), 1, 2, 3–4, 5–8 and so on. Integers are their own distance apart.
public struct UlpHistogram: Codable, Hashable, Sendable {
  /// The counts of the classes, the last of which is not empty.
  public private(set) var counts: [Int] = []
  /// Elements of which one is a number and the other none, or the other infinity.
  public private(set) var nonFiniteCount = 0
  /// The largest distance of two numbers.
  public private(set) var largest = 0.0

  /// All elements that were counted.
  public var total: Int { counts.reduce(nonFiniteCount, +) }

  /// The distances of a class.
  public static func range(of index: Int) -> ClosedRange<Double> {
    switch index {
    case 0: 0...0
    case 1: 1...1
    default:
      Double(sign: .plus, exponent: index - 2, significand: 1)
        + 1...Double(sign: .plus, exponent: index - 1, significand: 1)
    }
  }

  /// The class of a distance.
  static func index(of distance: Double) -> Int {
    distance <= 1 ? Int(distance) : (distance - 1).exponent + 2
  }

  /// Counts an element; a distance that is not finite is that of a number to none.
  mutating func add(_ distance: Double) {
    guard distance.isFinite else {
      nonFiniteCount += 1
      return
    }
    let index = Self.index(of: distance)
    while counts.count <= index { counts.append(0) }
    counts[index] += 1
    largest = max(largest, distance)
  }
}

extension UlpHistogram: CustomStringConvertible {
  /// The classes that are not empty, such as `1 ulp: 300, 2: 12, 3–4: 1, NaN or ∞: 1`.
  public var description: String {
    var parts: [String] = []
    for (index, count) in counts.enumerated() where count > 0 {
      let range = Self.range(of: index)
      let (low, high) = (Self.text(range.lowerBound), Self.text(range.upperBound))
      let unit = parts.isEmpty ? " ulp" : ""
      parts.append("\(low == high ? low : "\(low)–\(high)")\(unit): \(NumberFormat.grouped(count))")
    }
    if nonFiniteCount > 0 { parts.append("NaN or ∞: \(NumberFormat.grouped(nonFiniteCount))") }
    return parts.joined(separator: ", ")
  }

  private static func text(_ distance: Double) -> String {
    distance < 1e15 ? NumberFormat.grouped(Int(distance)) : "\(distance)"
  }
}
