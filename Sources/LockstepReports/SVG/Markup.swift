/// Text of XML and HTML in the making; everything given to it is escaped.
struct Markup {
  private(set) var text = ""
  private var open: [String] = []

  /// An element without contents, as XML writes it.
  mutating func empty(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
    start(name, attributes)
    text += "/>"
  }

  /// An element around what `contents` writes.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ contents: (inout Markup) -> Void
  ) {
    start(name, attributes)
    text += ">"
    contents(&self)
    text += "</\(name)>"
  }

  /// An element around text.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text contents: String
  ) {
    element(name, attributes) { $0.write(contents) }
  }

  /// An element without contents, whose attributes are put together.
  mutating func empty(_ name: String, _ attributes: [(key: String, value: String)]) {
    start(name, attributes)
    text += "/>"
  }

  /// An element around text, whose attributes are put together.
  mutating func element(_ name: String, _ attributes: [(key: String, value: String)], text contents: String) {
    start(name, attributes)
    text += ">"
    write(contents)
    text += "</\(name)>"
  }

  /// Text to be read.
  mutating func write(_ contents: String) { text += Self.escaped(contents) }

  /// Markup as it is.
  mutating func raw(_ markup: String) { text += markup }

  private mutating func start(_ name: String, _ attributes: some Sequence<(key: String, value: String)>) {
    text += "<\(name)"
    for (key, value) in attributes where !(value.isEmpty && Self.droppedWhenEmpty.contains(key)) {
      text += " \(key)=\"\(Self.escaped(value))\""
    }
  }

  /// Attributes that say nothing when they are empty.
  private static let droppedWhenEmpty: Set<String> = ["stroke-dasharray", "class", "clip-path"]

  /// Text in which nothing is taken for markup; what XML can't hold becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A coordinate, to a hundredth of a pixel.
  static func number(_ value: Double) -> String {
    // What is far outside is clipped; a renderer need not cope with it.
    let hundredths = value.isNaN ? 0 : Int((min(1e6, max(-1e6, value)) * 100).rounded())
    let (whole, rest) = (hundredths.magnitude / 100, hundredths.magnitude % 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest.isMultiple(of: 10) { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
