/// A finite number as decimal digits: `d₀.d₁d₂… · 10^exponent`.
struct DecimalDigits {
  let isNegative: Bool
  /// The digits, 0…9, without zeros at either end; `[0]` for zero.
  private(set) var digits: [Int] = []
  /// The power of ten that the first digit counts.
  private(set) var exponent = 0
  /// The number itself, to round it by.
  private let magnitude: Double

  /// The fewest digits that tell the number apart from every other of its type, as Swift prints it.
  init<Value: BinaryFloatingPoint & CustomStringConvertible>(shortest value: Value) {
    isNegative = value.sign == .minus
    magnitude = Double(value.magnitude)
    let parts = value.magnitude.description.split(separator: "e")
    let point = parts[0].firstIndex(of: ".") ?? parts[0].endIndex
    exponent = parts[0].distance(from: parts[0].startIndex, to: point) - 1
    if parts.count > 1 { exponent += Int(parts[1])! }
    digits = parts[0].compactMap(\.wholeNumberValue)
    dropZeros()
  }

  /// The exact value of the number rounded to digits that count `10^place` or more; ties go to even.
  func rounded(to place: Int) -> DecimalDigits {
    let kept = exponent - place + 1
    guard digits.count > kept else { return self }
    var result = self
    result.digits = Array(digits.prefix(max(0, kept)))
    if kept >= 0 && roundsUp(keeping: kept) { result.increment(at: place) }
    result.dropZeros()
    return result
  }

  private func roundsUp(keeping kept: Int) -> Bool {
    let dropped = digits[kept...]
    guard dropped.elementsEqual([5]) else { return dropped.first! >= 5 }
    // Only now the digits, which are not exact, may lie on the other side of the middle than the number.
    switch comparison(withDigits: digits, exponent: exponent) {
    case 0: return kept > 0 && !digits[kept - 1].isMultiple(of: 2)
    case let order: return order > 0
    }
  }

  /// −1, 0 or 1: how the number compares with a decimal, exactly.
  private func comparison(withDigits digits: [Int], exponent: Int) -> Int {
    let ten = exponent - digits.count + 1
    let two = Int(magnitude.exponent) - 52
    var binary = NaturalNumber(UInt64(magnitude.significand * 0x1p52))
    var decimal = NaturalNumber(digits.reduce(0) { $0 * 10 + UInt64($1) })
    for _ in 0..<max(0, two) { binary.multiply(by: 2) }
    for _ in 0..<max(0, -two) { decimal.multiply(by: 2) }
    for _ in 0..<max(0, -ten) { binary.multiply(by: 10) }
    for _ in 0..<max(0, ten) { decimal.multiply(by: 10) }
    return binary.compared(with: decimal)
  }

  /// Adds `10^place`, which the last digit counts.
  private mutating func increment(at place: Int) {
    while digits.last == 9 { digits.removeLast() }
    if digits.isEmpty {
      // 9.99 became 10, or the first digit was already too small to be kept.
      exponent = max(exponent, place - 1) + 1
      digits = [1]
    } else {
      digits[digits.count - 1] += 1
    }
  }

  private mutating func dropZeros() {
    while digits.last == 0 { digits.removeLast() }
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    exponent -= leading
    if digits.isEmpty { (digits, exponent) = ([0], 0) }
  }
}

extension DecimalDigits {
  /// The digit that counts `10^place`.
  private func digit(at place: Int) -> Int {
    let index = exponent - place
    return digits.indices.contains(index) ? digits[index] : 0
  }

  /// The digits that count `first` down to `last`.
  private func text(from first: Int, through last: Int) -> String {
    stride(from: first, through: last, by: -1).map { "\(digit(at: $0))" }.joined()
  }

  private var sign: String { isNegative ? "-" : "" }

  /// What stands before and behind the point without an exponent: `-12`, `5` of −12.5.
  var positional: (integer: String, fraction: String) {
    (sign + text(from: max(0, exponent), through: 0), text(from: -1, through: exponent - digits.count + 1))
  }

  /// What stands before the point, behind it and behind the sign of the exponent: `-1`, `25`, `01` of −12.5.
  var scientific: (integer: String, fraction: String, exponent: String) {
    let power = "\(abs(exponent))"
    let fraction = digits.dropFirst().map { "\($0)" }.joined()
    return (sign + "\(digits[0])", fraction, power.count < 2 ? "0" + power : power)
  }
}

/// A natural number of any size.
private struct NaturalNumber {
  /// 32 bits each, the least significant first, without zeros at the end.
  private var words: [UInt32] = []

  init(_ value: UInt64) {
    words = [UInt32(truncatingIfNeeded: value), UInt32(value >> 32)]
    while words.last == 0 { words.removeLast() }
  }

  mutating func multiply(by factor: UInt32) {
    var carry: UInt64 = 0
    for index in words.indices {
      carry += UInt64(words[index]) * UInt64(factor)
      words[index] = UInt32(truncatingIfNeeded: carry)
      carry >>= 32
    }
    if carry > 0 { words.append(UInt32(carry)) }
  }

  /// −1, 0 or 1.
  func compared(with other: NaturalNumber) -> Int {
    if words.count != other.words.count { return words.count < other.words.count ? -1 : 1 }
    for (mine, its) in zip(words, other.words).reversed() where mine != its { return mine < its ? -1 : 1 }
    return 0
  }
}
