import LockstepCore
import LockstepNN
import LockstepTraining

extension ONNXExporter {
  /// What an activation makes of a value.
  mutating func activated(
    _ activation: Activation, _ x: ONNXValue, at place: String
  ) throws(ModelError) -> ONNXValue {
    var result = x
    switch activation {
    case .identity: break
    case .relu: result.name = graph.add("Relu", [x.name], at: place)
    case .relu6:
      let bounds = [graph.add([0], "low", at: place), graph.add([6], "high", at: place)]
      result.name = graph.add("Clip", [x.name] + bounds, at: place)
    case .leakyReLU(let slope):
      result.name = graph.add("LeakyRelu", [x.name], ["alpha": .float(slope)], at: place)
    case .elu(let alpha): result.name = graph.add("Elu", [x.name], ["alpha": .float(alpha)], at: place)
    case .gelu(.none): result.name = gelu(x.name, at: place)
    case .gelu(.tanh): result.name = tanhGELU(x.name, at: place)
    case .hardSwish: result.name = graph.add("HardSwish", [x.name], at: place)
    case .hardSigmoid:
      result.name = graph.add(
        "HardSigmoid", [x.name], ["alpha": .float(1.0 / 6), "beta": .float(0.5)], at: place)
    case .silu:
      let gate = graph.add("Sigmoid", [x.name], at: place)
      result.name = graph.add("Mul", [x.name, gate], at: place)
    case .softplus: result.name = graph.add("Softplus", [x.name], at: place)
    case .tanh: result.name = graph.add("Tanh", [x.name], at: place)
    case .sigmoid: result.name = graph.add("Sigmoid", [x.name], at: place)
    case .softmax(let axis): result = along(x, "Softmax", axis: axis, at: place)
    case .logSoftmax(let axis): result = along(x, "LogSoftmax", axis: axis, at: place)
    }
    return result
  }

  /// x/2 · (1 + erf(x / √2)), as PyTorch's exporter writes it: the operator of that name is newer than opset 17.
  private mutating func gelu(_ x: String, at place: String) -> String {
    let root = graph.add([Float(2).squareRoot()], "root", at: place)
    let one = graph.add([1], "one", at: place)
    let half = graph.add([0.5], "half", at: place)
    let erf = graph.add("Erf", [graph.add("Div", [x, root], at: place)], at: place)
    let product = graph.add("Mul", [x, graph.add("Add", [erf, one], at: place)], at: place)
    return graph.add("Mul", [product, half], at: place)
  }

  /// x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).
  private mutating func tanhGELU(_ x: String, at place: String) -> String {
    let factor = graph.add([0.797_884_56], "factor", at: place)
    let cubic = graph.add([0.044_715], "cubic", at: place)
    let one = graph.add([1], "one", at: place)
    let half = graph.add([0.5], "half", at: place)
    let square = graph.add("Mul", [x, x], at: place)
    let cube = graph.add("Mul", [graph.add("Mul", [square, x], at: place), cubic], at: place)
    let inner = graph.add("Mul", [graph.add("Add", [x, cube], at: place), factor], at: place)
    let outer = graph.add("Add", [graph.add("Tanh", [inner], at: place), one], at: place)
    return graph.add("Mul", [graph.add("Mul", [x, outer], at: place), half], at: place)
  }

  /// A function along an axis of the batch, which is elsewhere in the graph's images.
  mutating func along(_ x: ONNXValue, _ operation: String, axis: Int, at place: String) -> ONNXValue {
    var result = x
    result.name = graph.add(operation, [x.name], ["axis": .int(graphAxis(axis, of: x.shape))], at: place)
    return result
  }

  /// Where the graph has an axis of a batch of examples.
  func graphAxis(_ axis: Int, of shape: Shape) -> Int {
    let position = axis < 0 ? axis + shape.rank + 1 : axis
    guard shape.rank == 3 else { return position }
    return [0, 2, 3, 1][position]
  }
}
