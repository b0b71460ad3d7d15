/// How the elements of an array are written so that they stand in columns, by the rules of NumPy 2
/// (`FloatingFormat`, `IntegerFormat` and `BoolFormat` of its `arrayprint.py`).
struct ElementFormat<Element> {
  /// The element as text; for all elements the format was made for, of the same length.
  let text: (Element) -> String
}

extension ElementFormat<Bool> {
  /// One column for both words.
  static func bool(_ values: [Bool]) -> Self { .init { $0 ? " True" : "False" } }
}

extension ElementFormat where Element: BinaryInteger {
  /// Right-aligned numbers.
  static func integer(_ values: [Element]) -> Self {
    let width = values.reduce(0) { max($0, $1.description.count) }
    return .init { padded($0.description, to: width) }
  }
}

extension ElementFormat where Element: BinaryFloatingPoint & CustomStringConvertible {
  /// The shortest digits, at most eight behind the point, the points in one column; with exponents where an
  /// array holds very large or small numbers or such that differ much in size.
  static func real(_ values: [Element]) -> Self {
    let columns = needsExponent(values) ? scientific(values) : positional(values)
    let width = values.reduce(columns.width) { $1.isFinite ? $0 : max($0, nonFinite($1).count) }
    return .init { padded($0.isFinite ? columns.text($0) : nonFinite($0), to: width) }
  }
}

/// The digits printed behind the point.
private let precision = 8

/// From here on a `Float` is printed with an exponent, in an array or alone: its digits end before the units.
private let floatLimit = 1e6

private typealias Columns<Value> = (width: Int, text: (Value) -> String)

private func nonFinite<Value: BinaryFloatingPoint>(_ value: Value) -> String {
  value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
}

private func needsExponent<Value: BinaryFloatingPoint>(_ values: [Value]) -> Bool {
  let magnitudes = values.lazy.filter { $0.isFinite && $0 != 0 }.map(\.magnitude)
  guard let largest = magnitudes.max(), let smallest = magnitudes.min() else { return false }
  let limit = Value.self == Float.self ? floatLimit : 1e8
  return Double(largest) >= limit || smallest < 0.0001 || largest / smallest > 1000
}

private func positional<Value: BinaryFloatingPoint & CustomStringConvertible>(
  _ values: [Value]
) -> Columns<Value> {
  func parts(_ value: Value) -> (integer: String, fraction: String) {
    rounded(value, to: { _ in -precision }).positional
  }
  let all = values.filter(\.isFinite).map(parts)
  guard !all.isEmpty else { return (0, { _ in "" }) }
  let left = all.reduce(0) { max($0, $1.integer.count) }
  let right = all.reduce(0) { max($0, $1.fraction.count) }
  return (
    left + 1 + right,
    { value in
      let (integer, fraction) = parts(value)
      return padded(integer, to: left) + "." + fraction
        + String(repeating: " ", count: right - fraction.count)
    }
  )
}

private func scientific<Value: BinaryFloatingPoint & CustomStringConvertible>(
  _ values: [Value]
) -> Columns<Value> {
  let all = values.filter(\.isFinite).map { rounded($0, to: { $0 - precision }).scientific }
  let left = all.reduce(0) { max($0, $1.integer.count) }
  let right = all.reduce(0) { max($0, $1.fraction.count) }
  let power = all.reduce(0) { max($0, $1.exponent.count) }
  return (
    left + 1 + right + 2 + power,
    { value in
      // All have the same number of digits, those of the exact value where the shortest are fewer.
      let exact = DecimalDigits(shortest: Double(value))
      let number = exact.rounded(to: exact.exponent - right)
      let (integer, fraction, exponent) = number.scientific
      return padded(integer, to: left) + "." + fraction + zeros(right - fraction.count)
        + (number.exponent < 0 ? "e-" : "e+") + zeros(power - exponent.count) + exponent
    }
  )
}

/// The shortest digits; or, where they go beyond a place that depends on the exponent, those of the exact
/// value rounded to it.
private func rounded<Value: BinaryFloatingPoint & CustomStringConvertible>(
  _ value: Value, to place: (Int) -> Int
) -> DecimalDigits {
  let shortest = DecimalDigits(shortest: value)
  let last = place(shortest.exponent)
  return shortest.exponent - shortest.digits.count + 1 >= last
    ? shortest : DecimalDigits(shortest: Double(value)).rounded(to: last)
}

private func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }

private func padded(_ text: String, to width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

/// A real number that stands alone: all digits that tell it apart, as NumPy prints a scalar.
func scalarText<Value: BinaryFloatingPoint & CustomStringConvertible>(_ value: Value) -> String {
  guard value.isFinite else { return nonFinite(value) }
  let number = DecimalDigits(shortest: value)
  let limit = Value.self == Float.self ? floatLimit : 1e16
  // Compared as a Double: the Float nearest to 1e-4 is less.
  if value == 0 || (1e-4..<limit).contains(Double(value.magnitude)) {
    let (integer, fraction) = number.positional
    return "\(integer).\(fraction.isEmpty ? "0" : fraction)"
  }
  let (integer, fraction, exponent) = number.scientific
  return integer + (fraction.isEmpty ? "" : ".\(fraction)") + (number.exponent < 0 ? "e-" : "e+") + exponent
}
