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
    /// Floating-point operations for an example on its way through the layer: two for every product of a matrix
    /// product or a convolution, as ``/LockstepCore/OperationWork`` counts them.
    public let floatingPointOperations: Double
  }

  /// The shape of an example.
  public let input: Shape
  /// The layers, first to last.
  public let rows: [Row]

  /// How many numbers all parameters hold.
  public var parameterCount: Int { rows.reduce(0) { $0 + $1.parameterCount } }

  /// Floating-point operations for an example on its way through all layers.
  public var floatingPointOperations: Double { rows.reduce(0) { $0 + $1.floatingPointOperations } }
}

extension Sequential {
  /// The table of the layers for examples of a shape (without the batch dimension). Builds the model, which
  /// changes nothing if it has been built for such examples.
  ///
  /// - Throws: ``ModelError`` naming the first layer that doesn't fit.
  public func summary(input: Shape) throws(ModelError) -> ModelSummary {
    let shapes = try shapes(input: input)
    let operations = floatingPointOperations(input: input)
    let rows = layers.indices.map { index in
      ModelSummary.Row(
        layer: layers[index].description, outputShape: shapes[index],
        parameterCount: layers[index].parameterCount, floatingPointOperations: operations[index])
    }
    return ModelSummary(input: input, rows: rows)
  }

  /// What each layer computes for an example, counted by letting the model through a backend that does nothing
  /// else. The parameters keep their values.
  private func floatingPointOperations(input: Shape) -> [Double] {
    let backend = CountingBackend()
    let device = Device(backend)
    let parameters = state.map(\.parameter)
    let values = parameters.map { $0.exchange(.zeros($0.shape, on: device)) }
    defer { for (parameter, value) in zip(parameters, values) { _ = parameter.exchange(value) } }
    let example = Tensor.zeros(
      Shape([1] + input.dimensions), dtype: takesIndices ? .int32 : .float32, on: device)
    _ = self(example)
    return layers.indices.map { index in
      backend.work.reduce(0) { sum, entry in
        let isInside = "\(entry.key.layer).".hasPrefix("layers.\(index).")
        return isInside ? sum + (entry.value.floatingPointOperations ?? 0) : sum
      }
    }
  }
}

extension ModelSummary: CustomStringConvertible {
  /// The table, columns aligned.
  public var description: String {
    let cells =
      [["layer", "output shape", "parameters", "MFLOP"], ["input", "\(input)", "", ""]]
      + rows.map {
        [$0.layer, "\($0.outputShape)", grouped($0.parameterCount), millions($0.floatingPointOperations)]
      }
      + [["total", "", grouped(parameterCount), millions(floatingPointOperations)]]
    let widths = (0..<4).map { column in cells.map { $0[column].count }.max() ?? 0 }
    func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: width - text.count)
    }
    func line(_ row: [String]) -> String {
      let number = String(repeating: " ", count: widths[2] - row[2].count) + row[2]
      let work = String(repeating: " ", count: widths[3] - row[3].count) + row[3]
      return "\(pad(row[0], widths[0]))  \(pad(row[1], widths[1]))  \(number)  \(work)"
    }
    let rule = String(repeating: "─", count: widths.reduce(6, +))
    let lines = cells.map(line)
    return ([lines[0], rule] + lines[1..<(lines.count - 1)] + [rule, lines[lines.count - 1]])
      .joined(separator: "\n")
  }

  /// Operations in millions, nothing of none.
  private func millions(_ operations: Double) -> String {
    if operations == 0 { return "" }
    return operations < 1e4 ? "<0.01" : NumberFormat.significant(operations / 1e6)
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
