/// A grid of dots, two by four to a character of Braille, or one to a character where there is only ASCII.
struct DotCanvas {
  let columns: Int
  let rows: Int
  let isBraille: Bool
  private var dots: [UInt8]
  private var groups: [Int?]
  private var marks: [Character?]

  init(columns: Int, rows: Int, isBraille: Bool) {
    (self.columns, self.rows, self.isBraille) = (columns, rows, isBraille)
    dots = Array(repeating: 0, count: columns * rows)
    groups = Array(repeating: nil, count: columns * rows)
    marks = Array(repeating: nil, count: columns * rows)
  }

  /// Dots from left to right.
  var width: Int { columns * (isBraille ? 2 : 1) }
  /// Dots from top to bottom.
  var height: Int { rows * (isBraille ? 4 : 1) }

  /// Sets a dot; outside of the canvas nothing happens.
  mutating func set(_ x: Int, _ y: Int, group: Int, mark: Character) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    guard isBraille else { return place(mark, column: x, row: y, group: group) }
    // Unicode numbers the dots of a cell down its columns; the last row came later.
    let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    let cell = y / 4 * columns + x / 2
    dots[cell] |= bits[y % 4][x % 2]
    groups[cell] = group
  }

  /// Puts a character over a cell's dots.
  mutating func place(_ mark: Character, column: Int, row: Int, group: Int?) {
    guard (0..<columns).contains(column), (0..<rows).contains(row) else { return }
    marks[row * columns + column] = mark
    groups[row * columns + column] = group
  }

  /// Puts a character where nothing is.
  mutating func placeBehind(_ mark: Character, column: Int, row: Int) {
    guard (0..<columns).contains(column), (0..<rows).contains(row) else { return }
    let cell = row * columns + column
    if marks[cell] == nil && dots[cell] == 0 { marks[cell] = mark }
  }

  /// Sets the dots between two, both included.
  mutating func line(_ from: (x: Int, y: Int), _ to: (x: Int, y: Int), group: Int, mark: Character) {
    let steps = max(abs(to.x - from.x), abs(to.y - from.y), 1)
    for step in 0...steps {
      let part = Double(step) / Double(steps)
      set(
        from.x + Int((Double(to.x - from.x) * part).rounded()),
        from.y + Int((Double(to.y - from.y) * part).rounded()),
        group: group, mark: mark)
    }
  }

  /// A row of characters.
  func text(row: Int, style: TextStyle) -> String {
    (0..<columns).map { column in
      let cell = row * columns + column
      if let mark = marks[cell] { return style.colored(String(mark), group: groups[cell]) }
      guard dots[cell] != 0 else { return " " }
      return style.colored(
        String(Character(Unicode.Scalar(0x2800 + UInt32(dots[cell]))!)), group: groups[cell])
    }.joined()
  }
}
