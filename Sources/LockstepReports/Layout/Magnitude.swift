import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Numbers of any size as a person reads them in a chart: on its axes, in its read-out and its data.
enum Magnitude {
  /// A number with up to six significant digits: `12,345`, `0.25`, `1.5×10⁻⁷`.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞" }
    guard value != 0 else { return "0" }
    let exponent = exponent(of: value)
    guard (-5..<9).contains(exponent) else { return scientific(value, exponent: exponent, digits: 4) }
    return trimmed(grouped(value, digits: max(0, 5 - exponent)))
  }

  /// A number with up to three significant digits.
  static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return text(value) }
    let exponent = exponent(of: value)
    guard (-4..<7).contains(exponent) else { return scientific(value, exponent: exponent, digits: 2) }
    return trimmed(grouped(value, digits: max(0, 2 - exponent)))
  }

  /// The power of ten that is at most the number's magnitude, which must be above zero.
  static func exponent(of value: Double) -> Int {
    var exponent = Int(floor(log10(abs(value))))
    // The logarithm rounds: 1000 must not be 9.99…×10².
    if scaled(value, by: -exponent).magnitude >= 10 { exponent += 1 }
    if scaled(value, by: -exponent).magnitude < 1 { exponent -= 1 }
    return exponent
  }

  /// `value` × 10^`exponent`, in two steps where one power is beyond what a Double holds.
  static func scaled(_ value: Double, by exponent: Int) -> Double {
    if exponent < -300 { return value / 1e300 / pow(10, Double(-exponent - 300)) }
    if exponent > 300 { return value * 1e300 * pow(10, Double(exponent - 300)) }
    // Powers of ten up to 10²² are exact, their inverses are not: divide by them.
    return exponent < 0 ? value / pow(10, Double(-exponent)) : value * pow(10, Double(exponent))
  }

  /// The number with so many digits behind the point and commas between thousands.
  static func grouped(_ value: Double, digits: Int) -> String {
    let text = NumberFormat.fixed(abs(value), digits)
    let parts = text.split(separator: ".", maxSplits: 1)
    guard let whole = Int(parts[0]) else { return text }
    let fraction = parts.count > 1 ? ".\(parts[1])" : ""
    let isZero = text.allSatisfy { "0.".contains($0) }
    return (value < 0 && !isZero ? "−" : "") + NumberFormat.grouped(whole) + fraction
  }

  /// A number as `1.5×10⁻⁷`.
  static func scientific(_ value: Double, exponent: Int, digits: Int) -> String {
    let mantissa = trimmed(NumberFormat.fixed(abs(scaled(value, by: -exponent)), min(15, digits)))
    return (value < 0 ? "−" : "") + (mantissa == "1" ? "" : "\(mantissa)×") + powerOfTen(exponent)
  }

  /// `10⁻³`.
  static func powerOfTen(_ exponent: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let raised = String(exponent.magnitude).compactMap(\.wholeNumberValue).map { digits[$0] }
    return "10" + (exponent < 0 ? "⁻" : "") + String(raised)
  }

  /// The text without zeros at the end of a fraction.
  static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }
}
