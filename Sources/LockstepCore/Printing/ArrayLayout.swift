/// Where brackets, spaces, line breaks and omissions go when an array is printed, by the rules of NumPy 2
/// (`_formatArray` of its `arrayprint.py`).
struct ArrayLayout {
  /// Arrays of more elements are printed without their middle.
  private static let summaryThreshold = 1000
  /// How many elements are printed at either end of a dimension whose middle is left out.
  private static let edgeCount = 3
  /// The characters a line has at most.
  private static let lineWidth = 75

  private let shape: Shape
  private let strides: [Int]
  private let isSummarized: Bool

  init(_ shape: Shape) {
    self.shape = shape
    strides = shape.strides
    isSummarized = shape.count > ArrayLayout.summaryThreshold
  }

  /// The positions, in row-major order, of the elements that are printed.
  var visible: [Int] {
    (0..<shape.rank).reduce([0]) { positions, axis in
      let indices = edges(of: axis).flatMap { Array($0) }
      return positions.flatMap { position in indices.map { position + $0 * strides[axis] } }
    }
  }

  /// The array, given what is printed for the element at a position. An array without elements is `[]`.
  func text(_ element: (Int) -> String) -> String {
    shape.count == 0 ? "[]" : text(axis: 0, from: 0, element)
  }

  /// The indices of an axis that are printed: all, or those at either end.
  private func edges(of axis: Int) -> [Range<Int>] {
    let (size, edge) = (shape[axis], ArrayLayout.edgeCount)
    return isSummarized && size > 2 * edge ? [0..<edge, (size - edge)..<size] : [0..<size]
  }

  private func text(axis: Int, from start: Int, _ element: (Int) -> String) -> String {
    let parts = edges(of: axis).map { range in range.map { start + $0 * strides[axis] } }
    let isRow = axis == shape.rank - 1
    let items = parts.map { positions in
      positions.map { isRow ? element($0) : text(axis: axis + 1, from: $0, element) }
    }
    let all = Array(items.joined(separator: ["..."]))
    if isRow { return "[" + wrapped(all, indent: axis + 1) + "]" }
    let separator =
      String(repeating: "\n", count: shape.rank - 1 - axis) + String(repeating: " ", count: axis + 1)
    return "[" + all.joined(separator: separator) + "]"
  }

  /// The elements of a row with spaces between them, in lines that leave room for the brackets.
  private func wrapped(_ words: [String], indent: Int) -> String {
    // Every bracket opened takes a column at the left and one at the right.
    let width = ArrayLayout.lineWidth - indent
    var lines = [""]
    for word in words {
      let line = lines[lines.count - 1]
      if line.isEmpty {
        lines[lines.count - 1] = word
      } else if indent + line.count + 1 + word.count > width {
        // Spaces that align a number's fraction are not kept at the end of a line, except of the last.
        lines[lines.count - 1] = String(line.reversed().drop { $0 == " " }.reversed())
        lines.append(word)
      } else {
        lines[lines.count - 1] = "\(line) \(word)"
      }
    }
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
  }
}
