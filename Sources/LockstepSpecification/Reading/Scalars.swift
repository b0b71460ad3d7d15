// Numbers as YAML's core schema writes them, without its octal, hexadecimal, infinity and NaN.
extension Value {
  var whole: Int? { text.flatMap { Int($0) } }

  var number: Double? {
    guard let text, text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text),
      number.isFinite
    else { return nil }
    return number
  }

  var wholeNumbers: [Int]? {
    guard case .list(let values) = content else { return nil }
    let numbers = values.compactMap(\.whole)
    return numbers.count == values.count ? numbers : nil
  }

  var numbers: [Double]? {
    guard case .list(let values) = content, !values.isEmpty else { return nil }
    let numbers = values.compactMap(\.number)
    return numbers.count == values.count ? numbers : nil
  }

  /// The value as it was written, for messages about numbers.
  var written: String {
    switch content {
    case .scalar(let text): text
    case .list(let values): "[\(values.map(\.written).joined(separator: ", "))]"
    case .mapping: "a mapping"
    }
  }
}
