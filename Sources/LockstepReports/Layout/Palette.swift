/// How groups are told apart: colours after Okabe and Ito (https://jfly.uni-koeln.de/color/), made darker or
/// lighter until they stand out by 3:1 or more from the paper; and dashes, markers and hatching, for those
/// who see no colours.
enum Palette {
  struct Ink: Sendable {
    /// On light paper.
    let light: String
    /// On dark paper.
    let dark: String
  }

  static let paper = Ink(light: "#ffffff", dark: "#15181d")
  static let text = Ink(light: "#1b1f24", dark: "#e6e8eb")
  static let muted = Ink(light: "#59616b", dark: "#a3abb5")
  static let grid = Ink(light: "#e4e7eb", dark: "#2a3038")
  static let axis = Ink(light: "#9aa2ad", dark: "#5c6570")

  /// Blue, vermilion, green, purple, ochre, grey.
  static let groups = [
    Ink(light: "#0072b2", dark: "#58b0ee"),
    Ink(light: "#d55e00", dark: "#ff8f4f"),
    Ink(light: "#00875f", dark: "#2fc79b"),
    Ink(light: "#b0558a", dark: "#e49cc6"),
    Ink(light: "#946800", dark: "#e5b62b"),
    Ink(light: "#4d5661", dark: "#b7bfc9"),
  ]

  /// Dashes of lines, in pixels drawn and left out; empty for a line without gaps. Round ends take two pixels of
  /// a gap; through the rest a line below is seen, as of a run that is the same to the last bit.
  static let dashes = ["", "7 6", "1 5", "10 5 1 5", "15 7", "5 5 1 5 1 5"]

  /// The colour of a group by its number.
  static func ink(_ group: Int) -> Ink { groups[group % groups.count] }

  /// The dash of a group's lines; groups that share a colour have different ones.
  static func dash(_ group: Int) -> String { dashes[(group + group / groups.count) % dashes.count] }

  /// A group's marker; groups that share a colour have different ones.
  static func marker(_ group: Int) -> Marker {
    Marker.allCases[(group + group / groups.count) % Marker.allCases.count]
  }

  /// The shape points are drawn in.
  enum Marker: CaseIterable, Sendable {
    case circle, square, triangle, diamond, cross, plus
  }
}

extension Palette {
  /// Strokes over bars, in a square of 6 pixels; none for the first.
  static let hatches = [
    "", "M0 6L6 0M-1 1L1 -1M5 7L7 5", "M0 3H6", "M3 0V6", "M0 0L6 6M-1 5L1 7M5 -1L7 1", "M0 3H6M3 0V6",
  ]

  /// Style rules that give every ink its colour, by the viewer's preference and light on printed paper.
  static var styles: String {
    let inks = named
    let light = inks.map { ".ink-\($0){color:\($1.light)}" }.joined()
    let dark = inks.map { ".ink-\($0){color:\($1.dark)}" }.joined()
    return "\(light)@media screen and (prefers-color-scheme:dark){\(dark)}"
  }

  private static var named: [(String, Ink)] {
    [("paper", paper), ("text", text), ("muted", muted), ("grid", grid), ("axis", axis)]
      + groups.enumerated().map { ("\($0)", $1) }
  }
}
