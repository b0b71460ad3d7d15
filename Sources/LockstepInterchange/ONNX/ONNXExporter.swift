import LockstepCore
import LockstepData
import LockstepNN
import LockstepTraining

/// A value between two layers.
struct ONNXValue {
  /// What the graph calls it.
  var name: String
  /// An example's shape here. In the graph images `[height, width, channels]` have their channels first.
  var shape: Shape
  /// The image that was flattened, channels first, into the features, if one was.
  var image: [Int]?
}

/// A walk through a model that puts its layers into a graph.
struct ONNXExporter {
  var graph = ONNXGraph()
  /// The model's state in PyTorch's layout, by its names here.
  let parameters: [String: Safetensors.Entry]

  init(parameters: [String: Safetensors.Entry]) { self.parameters = parameters }

  /// The shape of the graph's input.
  func inputShape(_ input: Shape, _ layout: ONNXModel.Layout) -> [Int] {
    guard input.rank == 3, layout == .nchw else { return input.dimensions }
    return [input[2], input[0], input[1]]
  }

  /// Puts a model into the graph, and gives the shape of its results.
  mutating func export(
    _ model: Sequential, input: Shape, _ normalization: Normalization?, _ layout: ONNXModel.Layout
  ) throws(ModelError) -> Shape {
    var value = ONNXValue(name: "input", shape: input)
    if input.rank == 3, layout == .nhwc {
      value.name = graph.add("Transpose", ["input"], ["perm": .ints([0, 3, 1, 2])], at: "input")
    }
    if let normalization { normalize(&value, normalization) }
    value = natural(try apply(model.layers, "layers", value), at: "output")
    if value.name == "input" { value.name = graph.add("Identity", ["input"], at: "output") }
    graph.rename(value.name, to: "logits")
    return value.shape
  }

  /// Brings samples from 0 to 1 to those that the model was trained with, channels first.
  private mutating func normalize(_ value: inout ONNXValue, _ normalization: Normalization) {
    let shape: Shape = [normalization.mean.count, 1, 1]
    let mean = graph.add(normalization.mean.map(Float.init), "mean", shape: shape, at: "input")
    let deviation = graph.add(
      normalization.standardDeviation.map(Float.init), "deviation", shape: shape, at: "input")
    let centred = graph.add("Sub", [value.name, mean], at: "input")
    value.name = graph.add("Div", [centred, deviation], at: "input")
  }

  /// Applies layers one after the other.
  mutating func apply(
    _ layers: [any Layer], _ path: String, _ input: ONNXValue
  ) throws(ModelError) -> ONNXValue {
    var value = input
    for (index, layer) in layers.enumerated() {
      let place = "\(path).\(index)"
      let output = try layer.build(input: value.shape)
      value = try apply(layer, place, value)
      value.shape = output
    }
    return value
  }

  private mutating func apply(
    _ layer: any Layer, _ place: String, _ x: ONNXValue
  ) throws(ModelError) -> ONNXValue {
    switch layer {
    case let layer as Sequential: return try apply(layer.layers, "\(place).layers", x)
    case let layer as Residual:
      let y = try apply(layer.layers, "\(place).layers", x)
      let other = try apply(layer.shortcut, "\(place).shortcut", x)
      return try activated(layer.activation, sum([y, other], at: place), at: place)
    case let layer as Add:
      let branches = try apply(layer.branches, place, x)
      return try activated(layer.activation, sum(branches, at: place), at: place)
    case let layer as Concatenate:
      return concatenated(try apply(layer.branches, place, x), axis: layer.axis, at: place)
    case let layer as Conv2D:
      return try convolution(ONNXWindow(layer), layer.activation, place, x)
    case let layer as DepthwiseConv2D:
      return try convolution(ONNXWindow(layer, channels: x.shape[2]), layer.activation, place, x)
    case let layer as Conv2DTranspose: return try transposedConvolution(layer, place, x)
    case let layer as Dense: return try dense(layer, place, x)
    case let layer as BatchNorm: return try normalization(layer, place, x)
    case let layer as LayerNorm: return layerNorm(layer, place, x)
    case let layer as GroupNorm: return groupNorm(layer, place, x)
    case let layer as PReLU: return prelu(layer, place, x)
    case is Embedding: return embedding(place, x)
    case let layer as UpSampling2D: return upSampling(layer, place, x)
    case let layer as ZeroPad2D: return zeroPad(layer, place, x)
    case is Reshape: return try reshaped(layer.build(input: x.shape), place, x)
    case let layer as MaxPool2D:
      return pooled("MaxPool", layer.kernel, layer.stride, layer.padding, place, x)
    case let layer as AveragePool2D: return averagePool(layer, place, x)
    case is GlobalAveragePool2D: return globalAveragePool(place, x)
    case is Flatten: return flattened(x, at: place)
    case is Dropout: return x
    case let layer as ActivationLayer: return try activated(layer.activation, x, at: place)
    default:
      throw ModelError(
        layer: place, kind: layer.description, problem: "there are no ONNX operators for such a layer")
    }
  }

  /// The value with its elements in Lockstep's order.
  mutating func natural(_ value: ONNXValue, at place: String) -> ONNXValue {
    var value = value
    if value.shape.rank == 3 {
      value.name = graph.add("Transpose", [value.name], ["perm": .ints([0, 2, 3, 1])], at: place)
    } else if let image = value.image {
      // Feature (h, w, c) is where channels first have it.
      let (height, width, channels) = (image[0], image[1], image[2])
      let order = (0..<height * width * channels).map { feature in
        (feature % channels) * height * width + feature / channels
      }
      let indices = graph.add(integers: order, "order", at: place)
      value.name = graph.add("Gather", [value.name, indices], ["axis": .int(1)], at: place)
      value.image = nil
    }
    return value
  }

  /// A value with its elements in Lockstep's order, as the graph has values of its shape.
  mutating func inGraphOrder(_ name: String, _ shape: Shape, at place: String) -> ONNXValue {
    let isImage = shape.rank == 3
    let name = isImage ? graph.add("Transpose", [name], ["perm": .ints([0, 3, 1, 2])], at: place) : name
    return ONNXValue(name: name, shape: shape)
  }

  /// The name of a parameter, which is then in the graph.
  mutating func parameter(_ name: String, at place: String) -> String? {
    parameters["\(place).\(name)"].map { graph.add($0) }
  }

  private mutating func apply(
    _ branches: [[any Layer]], _ place: String, _ x: ONNXValue
  ) throws(ModelError) -> [ONNXValue] {
    var outputs: [ONNXValue] = []
    for (index, branch) in branches.enumerated() {
      outputs.append(try apply(branch, "\(place).branches.\(index)", x))
    }
    return outputs
  }

  private mutating func sum(_ values: [ONNXValue], at place: String) -> ONNXValue {
    var result = values[0]
    for value in values.dropFirst() {
      result.name = graph.add("Add", [result.name, value.name], at: place)
    }
    return result
  }

  private mutating func concatenated(_ values: [ONNXValue], axis: Int, at place: String) -> ONNXValue {
    var result = values[0]
    let axis = graphAxis(axis, of: result.shape)
    result.name = graph.add("Concat", values.map(\.name), ["axis": .int(axis)], at: place)
    return result
  }

  /// Images `[channels, height, width]` as vectors; the layer behind has its weights in this order.
  private mutating func flattened(_ x: ONNXValue, at place: String) -> ONNXValue {
    var result = x
    if x.shape.rank == 3 { result.image = x.shape.dimensions }
    if x.shape.rank != 1 { result.name = graph.add("Flatten", [x.name], ["axis": .int(1)], at: place) }
    return result
  }
}
