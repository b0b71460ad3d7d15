#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a terminal can show.
public struct TextStyle: Hashable, Sendable {
  /// Whether text may be coloured by escape sequences.
  public var isColored: Bool
  /// Whether characters beyond ASCII, such as Braille, are shown.
  public var isUnicode: Bool

  /// Creates a style.
  public init(isColored: Bool = false, isUnicode: Bool = TextStyle.localeIsUnicode) {
    self.isColored = isColored
    self.isUnicode = isUnicode
  }

  /// Whether the environment's locale has UTF-8 as its character set.
  public static var localeIsUnicode: Bool {
    let names: [String] = ["LC_ALL", "LC_CTYPE", "LANG"]
    return isUnicode(environment: names.map { name in getenv(name).map { String(cString: $0) } })
  }

  /// The first variable that is set and not empty decides, as POSIX has it.
  static func isUnicode(environment: [String?]) -> Bool {
    let name = environment.compactMap(\.self).first { !$0.isEmpty }?.lowercased() ?? ""
    return name.contains("utf-8") || name.contains("utf8")
  }

  /// The text in a group's colour.
  func colored(_ text: String, group: Int?) -> String {
    guard isColored, let group else { return text }
    // Blue, yellow, green, magenta, cyan, white: near the palette's order.
    return "\u{1B}[\([34, 33, 32, 35, 36, 37][group % 6])m\(text)\u{1B}[0m"
  }

  /// The text as the terminal can show it.
  package func plain(_ text: String) -> String {
    let visible = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }.filter { !Self.isControl($0) })
    return isUnicode ? visible : Self.ascii(visible)
  }

  private static func isControl(_ character: Character) -> Bool {
    character.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }

  /// The marks that charts and tables write, in ASCII; anything else is a question mark.
  private static func ascii(_ text: String) -> String {
    let replacements: [Character: String] = [
      "−": "-", "×": "x", "…": "~", "±": "+-", "≤": "<=", "≥": ">=", "·": "-", "–": "-", "—": "-", "“": "\"",
      "”": "\"", "‘": "'", "’": "'", "∞": "inf", "µ": "u", "≈": "~", "→": "->",
    ]
    var (result, isRaised) = ("", false)
    for character in text {
      if let raised = superscripts[character] {
        result += (isRaised ? "" : "^") + raised
        isRaised = true
        continue
      }
      isRaised = false
      result += character.isASCII ? String(character) : replacements[character] ?? "?"
    }
    return result
  }

  private static let superscripts: [Character: String] = Dictionary(
    uniqueKeysWithValues: zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789").map { ($0, String($1)) })
}
