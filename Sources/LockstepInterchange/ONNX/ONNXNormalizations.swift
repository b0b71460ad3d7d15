import LockstepCore
import LockstepNN
import LockstepTraining

extension ONNXExporter {
  mutating func normalization(
    _ layer: BatchNorm, _ place: String, _ x: ONNXValue
  ) throws(ModelError) -> ONNXValue {
    // ONNX has the channels second, as images and vectors do here; other examples go there and back.
    let rank = x.shape.rank + 1
    let isTurned = rank != 2 && rank != 4
    var result = x
    if isTurned {
      let order = [0, rank - 1] + Array(1..<(rank - 1))
      result.name = graph.add("Transpose", [x.name], ["perm": .ints(order)], at: place)
    }
    let parameters = ["scale", "offset", "runningMean", "runningVariance"]
    result.name = graph.add(
      "BatchNormalization", [result.name] + parameters.compactMap { parameter($0, at: place) },
      ["epsilon": .float(layer.epsilon)], at: place)
    if isTurned {
      let order = [0] + Array(2..<rank) + [1]
      result.name = graph.add("Transpose", [result.name], ["perm": .ints(order)], at: place)
    }
    return try activated(layer.activation, result, at: place)
  }

  /// Over whole examples the axes may have any order; over the channels, or rows of them, they must be last.
  mutating func layerNorm(_ layer: LayerNorm, _ place: String, _ x: ONNXValue) -> ONNXValue {
    let isWhole = layer.dimensions == x.shape.rank
    let input = x.shape.rank == 3 && !isWhole ? natural(x, at: place) : x
    let sizes = Array(x.shape.dimensions.suffix(layer.dimensions))
    let count = sizes.reduce(1, *)
    // In graph order, which matters to no number of these.
    let shape = isWhole && x.shape.rank == 3 ? [sizes[2], sizes[0], sizes[1]] : sizes
    let scale =
      parameter("scale", at: place)
      ?? graph.add([Float](repeating: 1, count: count), "ones", shape: Shape(shape), at: place)
    let name = graph.add(
      "LayerNormalization", [input.name, scale] + [parameter("offset", at: place)].compactMap(\.self),
      ["axis": .int(-layer.dimensions), "epsilon": .float(layer.epsilon)], at: place)
    guard input.name != x.name else {
      var result = x
      result.name = name
      return result
    }
    return inGraphOrder(name, x.shape, at: place)
  }

  /// As PyTorch's exporter writes it: the groups as channels of an instance normalisation, then scale and offset.
  mutating func groupNorm(_ layer: GroupNorm, _ place: String, _ x: ONNXValue) -> ONNXValue {
    // The channels come first; where they are last, they are brought there.
    let rank = x.shape.rank + 1
    let isTurned = rank != 2 && rank != 4
    let channels = x.shape[-1]
    let pixels = Array(x.shape.dimensions.dropLast())
    var name = x.name
    if isTurned {
      let order = [0, rank - 1] + Array(1..<(rank - 1))
      name = graph.add("Transpose", [name], ["perm": .ints(order)], at: place)
    }
    let groups = graph.add(integers: [0, layer.groups, -1], "groups", at: place)
    name = graph.add("Reshape", [name, groups], at: place)
    let ones = graph.add(
      [Float](repeating: 1, count: layer.groups), "ones", shape: [layer.groups], at: place)
    let zeros = graph.add(
      [Float](repeating: 0, count: layer.groups), "zeros", shape: [layer.groups], at: place)
    name = graph.add(
      "InstanceNormalization", [name, ones, zeros], ["epsilon": .float(layer.epsilon)], at: place)
    let shape = graph.add(integers: [0, channels] + pixels, "shape", at: place)
    name = graph.add("Reshape", [name, shape], at: place)
    for (operation, parameter) in [("Mul", "scale"), ("Add", "offset")] {
      guard let numbers = channelwise(parameter, pixels.count, at: place) else { continue }
      name = graph.add(operation, [name, numbers], at: place)
    }
    if isTurned {
      let order = [0] + Array(2..<rank) + [1]
      name = graph.add("Transpose", [name], ["perm": .ints(order)], at: place)
    }
    var result = x
    result.name = name
    return result
  }

  /// x, or slope · x below zero.
  mutating func prelu(_ layer: PReLU, _ place: String, _ x: ONNXValue) -> ONNXValue {
    // Images have their channels before so many axes; elsewhere they are last, as broadcasting has them.
    let slope =
      layer.perChannel && x.shape.rank == 3
      ? channelwise("slope", 2, at: place) : parameter("slope", at: place)
    var result = x
    result.name = graph.add("PRelu", [x.name] + [slope].compactMap(\.self), at: place)
    return result
  }

  /// A parameter of a number for each channel, with so many axes of size 1 behind it.
  private mutating func channelwise(_ name: String, _ axes: Int, at place: String) -> String? {
    guard let entry = parameters["\(place).\(name)"] else { return nil }
    let shape = Shape(entry.spec.shape.dimensions + [Int](repeating: 1, count: axes))
    return graph.add(
      .init(name: entry.name, spec: TensorSpec(shape, entry.spec.dtype), bytes: entry.bytes))
  }
}
