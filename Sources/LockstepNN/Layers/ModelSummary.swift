public import LockstepCore

/// A table of a model's layers: what each is, the shape behind it, how many parameters it has.
public struct ModelSummary: Hashable, Sendable {
  /// A line of the table.
  public struct Row: Hashable, Sendable {
    /// The layer as it would be written.
    public let layer: String
    /// The shape of an example behind the layer, without the batch dimension.
    public let outputShape: Shape
    /// How many numbers its parameters hold.
    public let parameterCount: Int
  }

  /// The shape of an example.
  public let input: Shape
  /// The layers, first to last.
  public let rows: [Row]

  /// How many numbers all parameters hold.
  public var parameterCount: Int { rows.reduce(0) { $0 + $1.parameterCount } }
}

extension Sequential {
  /// The table of the layers for examples of a shape (without the batch dimension). Builds the model, which
  /// changes nothing if it has been built for such examples.
  ///
  /// - Throws: ``ModelError`` naming the first layer that doesn't fit.
  public func summary(input: Shape) throws(ModelError) -> ModelSummary {
    let shapes = try shapes(input: input)
    let rows = zip(layers, shapes).map { layer, shape in
      ModelSummary.Row(
        layer: layer.description, outputShape: shape, parameterCount: layer.parameterCount)
    }
    return ModelSummary(input: input, rows: rows)
  }
}

extension ModelSummary: CustomStringConvertible {
  /// The table, columns aligned.
  public var description: String {
    let cells =
      [["layer", "output shape", "parameters"], ["input", "\(input)", ""]]
      + rows.map { [$0.layer, "\($0.outputShape)", grouped($0.parameterCount)] }
      + [["total", "", grouped(parameterCount)]]
    let widths = (0..<3).map { column in cells.map { $0[column].count }.max() ?? 0 }
    func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: width - text.count)
    }
    func line(_ row: [String]) -> String {
      let number = String(repeating: " ", count: widths[2] - row[2].count) + row[2]
      return "\(pad(row[0], widths[0]))  \(pad(row[1], widths[1]))  \(number)"
    }
    let rule = String(repeating: "─", count: widths.reduce(4, +))
    let lines = cells.map(line)
    return ([lines[0], rule] + lines[1..<(lines.count - 1)] + [rule, lines[lines.count - 1]])
      .joined(separator: "\n")
  }

  /// A number with a comma between thousands.
  private func grouped(_ number: Int) -> String {
    var digits = String(number)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }
}
