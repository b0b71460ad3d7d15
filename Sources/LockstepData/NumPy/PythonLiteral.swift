/// Reads the few Python literals that headers of `.npy` files are made of, as Python's `ast.literal_eval` would.
struct PythonLiteral {
  /// A value; what stands in no header of plain numbers is not told apart further.
  enum Value: Equatable {
    case text(String)
    case integer(Int)
    case boolean(Bool)
    case tuple([Value])
    case list([Value])
    case dictionary([Entry])
  }

  /// A pair of a dictionary.
  struct Entry: Equatable {
    let key: String
    let value: Value
  }

  /// Records in records; a header of numbers is two deep.
  private static let depthLimit = 16

  private var rest: ArraySlice<UInt8>
  private var depth = 0

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The only value, nil if the text is no literal or something follows it.
  mutating func parseAll() -> Value? {
    guard let value = parse() else { return nil }
    skipSpace()
    return rest.isEmpty ? value : nil
  }

  private mutating func parse() -> Value? {
    guard depth < Self.depthLimit else { return nil }
    depth += 1
    defer { depth -= 1 }
    skipSpace()
    switch rest.first {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return parseText().map(Value.text)
    case UInt8(ascii: "{"): return parseDictionary()
    case UInt8(ascii: "("): return parseTuple()
    case UInt8(ascii: "["): return parseItems(until: UInt8(ascii: "]")).map { .list($0.items) }
    case UInt8(ascii: "T"): return take("True") ? .boolean(true) : nil
    case UInt8(ascii: "F"): return take("False") ? .boolean(false) : nil
    default: return parseInteger()
    }
  }

  /// A text in quotes. Escapes don't occur in the names NumPy writes for numbers.
  private mutating func parseText() -> String? {
    guard let quote = rest.popFirst(), let end = rest.firstIndex(of: quote) else { return nil }
    let body = rest[..<end]
    guard !body.contains(UInt8(ascii: "\\")) else { return nil }
    rest = rest[(end + 1)...]
    return String(validating: body, as: UTF8.self)
  }

  /// A whole number; Python 2 wrote long ones with an L.
  private mutating func parseInteger() -> Value? {
    let digits = rest.prefix {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
    }
    guard let number = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
    rest = rest[digits.endIndex...]
    if rest.first == UInt8(ascii: "L") { rest.removeFirst() }
    return .integer(number)
  }

  /// `(1, 2)`, `(1,)` or `()`; `(1)` is 1.
  private mutating func parseTuple() -> Value? {
    guard let (items, endsWithComma) = parseItems(until: UInt8(ascii: ")")) else { return nil }
    return items.count == 1 && !endsWithComma ? items[0] : .tuple(items)
  }

  /// Values with commas between and perhaps behind.
  private mutating func parseItems(until closing: UInt8) -> (items: [Value], endsWithComma: Bool)? {
    rest.removeFirst()
    var items: [Value] = []
    var endsWithComma = true
    while true {
      skipSpace()
      if rest.first == closing {
        rest.removeFirst()
        return (items, endsWithComma)
      }
      guard endsWithComma, let value = parse() else { return nil }
      items.append(value)
      endsWithComma = takeComma()
    }
  }

  private mutating func parseDictionary() -> Value? {
    rest.removeFirst()
    var entries: [Entry] = []
    var endsWithComma = true
    while true {
      skipSpace()
      if rest.first == UInt8(ascii: "}") {
        rest.removeFirst()
        return .dictionary(entries)
      }
      guard endsWithComma, case .text(let key)? = parse() else { return nil }
      skipSpace()
      guard take(":"), let value = parse() else { return nil }
      entries.append(Entry(key: key, value: value))
      endsWithComma = takeComma()
    }
  }

  private mutating func takeComma() -> Bool {
    skipSpace()
    return take(",")
  }

  private mutating func take(_ word: String) -> Bool {
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private mutating func skipSpace() { rest = rest.drop { $0 == 0x20 || (0x09...0x0D).contains($0) } }
}
