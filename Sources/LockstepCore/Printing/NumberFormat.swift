/// Numbers as a person reads them.
package enum NumberFormat {
  /// A number with so many digits behind the point.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let scaled = Int64((abs(value) * scale).rounded())
    let whole = scaled / Int64(scale)
    let fraction = String(scaled % Int64(scale))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    return "\(sign)\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// A positive number with about three significant digits.
  package static func significant(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    return value >= 100 ? grouped(Int(value.rounded())) : fixed(value, value >= 10 ? 1 : 2)
  }

  /// A ratio with about three significant digits, also below 1.
  package static func ratio(_ value: Double) -> String {
    value >= 1 ? significant(value) : fixed(value, value >= 0.1 ? 3 : value >= 0.01 ? 4 : 5)
  }

  /// A positive number as a mantissa of two digits and a power of ten, such as 1.2e-7; others as they are.
  package static func scientific(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    var (mantissa, exponent) = (value, 0)
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    return "\(fixed(mantissa, 1))e\(exponent)"
  }

  /// A whole number with a comma between thousands.
  package static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    let first = (digits.count - 1) % 3 + 1
    var groups = [String(digits.prefix(first))]
    var rest = digits.dropFirst(first)
    while !rest.isEmpty {
      groups.append(String(rest.prefix(3)))
      rest = rest.dropFirst(3)
    }
    return (value < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// A number of bytes as `512 bytes`, `36.2 KiB`, `1.50 GiB`.
  package static func byteCount(_ count: Int) -> String {
    if count < 1024 { return "\(count) bytes" }
    var (value, unit) = (Double(count) / 1024, 0)
    let units = ["KiB", "MiB", "GiB", "TiB"]
    while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
    return "\(significant(value)) \(units[unit])"
  }

  /// Seconds as `0.42 s`, `12.3 s`, `2:05`, `1:02:05`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    if seconds < 10 { return "\(fixed(seconds, 2)) s" }
    if seconds < 60 { return "\(fixed(seconds, 1)) s" }
    let whole = Int(seconds.rounded())
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? "\(hours):\(padded(minutes)):\(padded(whole % 60))" : "\(minutes):\(padded(whole % 60))"
  }

  /// Text brought to a width by spaces before it.
  package static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Text brought to a width by spaces behind it.
  package static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
