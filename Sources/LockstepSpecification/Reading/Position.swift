/// A place in a file; lines and columns count from 1.
struct Position: Hashable, Sendable, Comparable {
  let line: Int
  let column: Int

  static func < (a: Position, b: Position) -> Bool { (a.line, a.column) < (b.line, b.column) }
}
