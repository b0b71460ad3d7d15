/// How wide text becomes. There is no font to ask, so these are widths of DejaVu Sans, rounded up: it is the
/// widest of the fonts a chart may be set in.
enum TextMetrics {
  /// About how wide a line of text is, in pixels.
  static func width(_ text: String, size: Double) -> Double {
    size * text.unicodeScalars.reduce(0) { $0 + advance($1) }
  }

  /// The text, shortened by an ellipsis where it is wider than `width` pixels.
  static func fitted(_ text: String, to width: Double, size: Double) -> String {
    guard self.width(text, size: size) > width else { return text }
    var used = size
    var kept = ""
    for character in text {
      used += self.width(String(character), size: size)
      guard used <= width else { break }
      kept.append(character)
    }
    while kept.last == " " { kept.removeLast() }
    return kept + "…"
  }

  /// The text in lines of at most `width` pixels, broken at spaces; the last of `count` lines is shortened.
  static func lines(_ text: String, width: Double, size: Double, atMost count: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, self.width("\(last) \(word)", size: size) <= width || lines.count == count {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { fitted($0, to: width, size: size) }
  }

  private static func advance(_ scalar: Unicode.Scalar) -> Double {
    switch scalar.value {
    case 0x300...0x36F, 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069: 0  // marks on others, direction
    case 0x1100...0x115F, 0x2E80...0xFFDC, 0x1F000...0x3FFFF: 1.05  // East Asian, emoji
    default:
      switch Character(scalar) {
      case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", " ": 0.34
      case "f", "t", "r", "(", ")", "[", "]", "/", "-", "⁻": 0.42
      case "m", "w", "M", "W", "@", "%", "—": 0.98
      case "⁰"..."⁹", "¹", "²", "³": 0.42
      case "A"..."Z", "+", "×", "=", "−": 0.74
      default: 0.63
      }
    }
  }
}
