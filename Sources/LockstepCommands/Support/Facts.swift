import LockstepCore

/// Lines of a title and what is to be said of it, wrapped to a terminal's width.
struct Facts {
  /// Room for a title.
  private static let titleWidth = 10

  private let terminal: Terminal
  private var lines: [String] = []

  init(_ terminal: Terminal) { self.terminal = terminal }

  /// Adds a fact; its title may be empty where it goes on with the one before.
  mutating func add(_ title: String, _ text: String) {
    let width = max(20, terminal.tableWidth - Self.titleWidth)
    for (index, line) in TextWrapping.wrap(text, width: width).enumerated() {
      let title = NumberFormat.left(index == 0 ? title : "", Self.titleWidth)
      lines.append(terminal.style(.bold, title) + line)
    }
  }

  /// The lines.
  var text: String { lines.joined(separator: "\n") }
}
