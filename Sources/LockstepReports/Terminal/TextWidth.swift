/// How many columns of a terminal text takes.
enum TextWidth {
  static func columns(_ text: String) -> Int { text.reduce(0) { $0 + columns($1) } }

  static func columns(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0x300...0x36F, 0xFE00...0xFE0F: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// The text in exactly `width` columns: shortened by an ellipsis, or with spaces before or behind it.
  static func fitted(_ text: String, _ width: Int, isRight: Bool = false, ellipsis: Character = "…") -> String
  {
    let text = shortened(text, width, ellipsis: ellipsis)
    let room = String(repeating: " ", count: max(0, width - columns(text)))
    return isRight ? room + text : text + room
  }

  /// The text in at most `width` columns.
  static func shortened(_ text: String, _ width: Int, ellipsis: Character = "…") -> String {
    guard columns(text) > width else { return text }
    guard width > 0 else { return "" }
    var (kept, used) = ("", 1)
    for character in text {
      used += columns(character)
      guard used <= width else { break }
      kept.append(character)
    }
    return kept + String(ellipsis)
  }

  /// The text in lines of at most `width` columns, broken at spaces, and within words that are longer.
  static func wrapped(_ text: String, _ width: Int) -> [String] {
    let width = max(2, width)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      var word = String(word)
      if !line.isEmpty && columns(line) + 1 + columns(word) <= width {
        line += " " + word
        continue
      }
      if !line.isEmpty { lines.append(line) }
      while columns(word) > width {
        var head = ""
        while let next = word.first, columns(head) + columns(next) <= width {
          head.append(word.removeFirst())
        }
        lines.append(head)
      }
      line = word
    }
    return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
  }
}
