import Lockstep
import LockstepCore

/// Figures as parts of sentences.
enum Phrases {
  /// A ratio as `157 times`.
  static func times(_ ratio: Double) -> String { "\(number(ratio)) times" }

  /// A positive number in about three digits.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "?" }
    return value < 0.1 && value > 0 ? NumberFormat.fixed(value, 4) : NumberFormat.significant(value)
  }

  /// An interval as `150 to 163`; nil if there is none.
  static func interval(_ ratio: RatioInterval) -> String? {
    ratio.interval.map { "\(number($0.lowerBound)) to \(number($0.upperBound))" }
  }

  /// A share as `31 %`.
  static func percent(_ share: Double) -> String {
    let percent = share * 100
    return "\(NumberFormat.fixed(percent, percent < 10 && percent > 0 ? 1 : 0)) %"
  }

  /// A p-value.
  static func pValue(_ p: Double) -> String { p < 0.001 ? "p < 0.001" : "p = \(NumberFormat.fixed(p, 3))" }

  /// A count with its noun: `1 seed`, `3 seeds`.
  static func count(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(NumberFormat.grouped(count)) \(noun)s"
  }

  /// Words as `a`, `a and b`, `a, b and c`.
  static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  /// A sentence that begins with a capital letter.
  static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
