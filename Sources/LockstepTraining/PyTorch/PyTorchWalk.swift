import LockstepCore
import LockstepNN

/// A module's path in the model, and in the state dict.
struct PyTorchPath {
  var ours: String
  var theirs: String

  func appending(_ name: String) -> PyTorchPath { appending(name, name) }

  func appending(_ ours: String, _ theirs: String) -> PyTorchPath {
    PyTorchPath(ours: Self.join(self.ours, ours), theirs: Self.join(self.theirs, theirs))
  }

  static func join(_ path: String, _ step: String) -> String { path.isEmpty ? step : "\(path).\(step)" }
}

/// What lies between two layers: an example's shape, and the image that was flattened into it.
struct PyTorchFeatures {
  var shape: Shape
  /// `[height, width, channels]` whose elements, in that order, are the features.
  var image: [Int]?
}

/// A walk through a model that finds the tensors of its state dict.
struct PyTorchWalk {
  let names: PyTorchNames
  var entries: [PyTorchLayout.Entry] = []
  /// The layers whose names were given.
  var namesUsed: Set<String> = []

  init(names: PyTorchNames) { self.names = names }

  /// Visits layers that are applied one after the other, modules of an `nn.Sequential`.
  mutating func visit(
    _ layers: [any Layer], _ path: PyTorchPath, _ input: PyTorchFeatures
  ) throws(ModelError) -> PyTorchFeatures {
    var features = input
    var number = 0
    for (index, layer) in layers.enumerated() {
      var place = path.appending("\(index)", "\(number)")
      if let name = names.modules[place.ours] {
        place.theirs = name
        namesUsed.insert(place.ours)
      }
      let output = try layer.build(input: features.shape)
      let image = try visit(layer, place, features)
      features = PyTorchFeatures(shape: output, image: image)
      number += layer.isTwoModules ? 2 : 1
    }
    return features
  }

  /// Visits a layer; gives the image whose elements the features behind it are.
  private mutating func visit(
    _ layer: any Layer, _ path: PyTorchPath, _ input: PyTorchFeatures
  ) throws(ModelError) -> [Int]? {
    switch layer {
    case let layer as Sequential:
      let inside = PyTorchPath(ours: "\(path.ours).layers", theirs: path.theirs)
      return try visit(layer.layers, inside, input).image
    case let layer as Residual:
      let branches = [
        try visit(layer.layers, path.appending("layers"), input),
        try visit(layer.shortcut, path.appending("shortcut"), input),
      ]
      return try image(behind: branches, of: layer, path)
    case let layer as Add: return try image(behind: visit(layer.branches, path, input), of: layer, path)
    case let layer as Concatenate:
      // Joined features have the order of none of them.
      let images = try visit(layer.branches, path, input).map(\.image)
      guard images.allSatisfy({ $0 == nil }) else { throw Self.disorder(layer, path) }
      return nil
    case is Reshape:
      guard input.image == nil else { throw Self.disorder(layer, path) }
      return nil
    case is Flatten: return input.shape.rank == 3 ? input.shape.dimensions : input.image
    case let layer as Conv2D: addConvolution(layer.weight, layer.bias, path)
    case let layer as DepthwiseConv2D: addConvolution(layer.weight, layer.bias, path)
    case let layer as Conv2DTranspose: addConvolution(layer.weight, layer.bias, path)
    case let layer as Dense:
      addDense(layer, path, input)
      return nil
    case let layer as BatchNorm: addNormalization(layer, path, input)
    case let layer as LayerNorm:
      addFeatures(layer.scale, "scale", "weight", path, input)
      addFeatures(layer.offset, "offset", "bias", path, input)
    case let layer as GroupNorm:
      // Groups of features in another order are other groups.
      guard input.image == nil || layer.groups == 1 else { throw Self.disorder(layer, path) }
      addFeatures(layer.scale, "scale", "weight", path, input)
      addFeatures(layer.offset, "offset", "bias", path, input)
    case let layer as PReLU: addFeatures(layer.slope, "slope", "weight", path, input)
    case let layer as Embedding: add(layer.weight, "weight", "weight", path)
    default:
      guard layer.state.isEmpty else {
        throw ModelError(
          layer: path.ours, kind: layer.description,
          problem: "its parameters can't be converted for PyTorch: there is no module for such a layer")
      }
    }
    return input.image
  }

  /// The image behind branches that meet: their features must be in one order.
  private func image(
    behind branches: [PyTorchFeatures], of layer: any Layer, _ path: PyTorchPath
  ) throws(ModelError) -> [Int]? {
    let images = Set(branches.map(\.image))
    guard images.count <= 1 else { throw Self.disorder(layer, path) }
    return branches.first?.image
  }

  /// Visits lists of layers that begin with the same input, and gives what is behind each.
  private mutating func visit(
    _ branches: [[any Layer]], _ path: PyTorchPath, _ input: PyTorchFeatures
  ) throws(ModelError) -> [PyTorchFeatures] {
    var outputs: [PyTorchFeatures] = []
    for (index, branch) in branches.enumerated() {
      outputs.append(try visit(branch, path.appending("branches.\(index)"), input))
    }
    return outputs
  }

  /// The error of a layer that can't have features in another order.
  private static func disorder(_ layer: any Layer, _ path: PyTorchPath) -> ModelError {
    ModelError(
      layer: path.ours, kind: layer.description,
      problem:
        "it takes the features of a flattened image, which PyTorch has in another order, channels first; "
        + "put a dense layer between, whose weights can be turned")
  }

  private mutating func addConvolution(_ weight: Parameter?, _ bias: Parameter?, _ path: PyTorchPath) {
    add(weight, "weight", "weight", path, axes: [3, 2, 0, 1])
    add(bias, "bias", "bias", path)
  }

  private mutating func addDense(_ layer: Dense, _ path: PyTorchPath, _ input: PyTorchFeatures) {
    if let image = input.image {
      add(
        layer.weight, "weight", "weight", path, view: image + [layer.units], axes: [3, 2, 0, 1],
        shape: [layer.units, input.shape[0]])
    } else {
      add(layer.weight, "weight", "weight", path, axes: [1, 0])
    }
    add(layer.bias, "bias", "bias", path)
  }

  private mutating func addNormalization(_ layer: BatchNorm, _ path: PyTorchPath, _ input: PyTorchFeatures) {
    addFeatures(layer.scale, "scale", "weight", path, input)
    addFeatures(layer.offset, "offset", "bias", path, input)
    addFeatures(layer.runningMean, "runningMean", "running_mean", path, input)
    addFeatures(layer.runningVariance, "runningVariance", "running_var", path, input)
    entries.append(
      .init(
        name: nil, pyTorchName: PyTorchPath.join(path.theirs, "num_batches_tracked"), pyTorchShape: [],
        view: [], axes: []))
  }

  /// A number for each channel, or for each element of an example: those of images are channels first there.
  private mutating func addFeatures(
    _ parameter: Parameter?, _ ours: String, _ theirs: String, _ path: PyTorchPath, _ input: PyTorchFeatures
  ) {
    guard let parameter else { return }
    if let image = input.image, parameter.shape == input.shape {
      add(parameter, ours, theirs, path, view: image, axes: [2, 0, 1], shape: parameter.shape)
    } else if parameter.shape.rank == 3, parameter.shape == input.shape {
      add(parameter, ours, theirs, path, axes: [2, 0, 1])
    } else {
      add(parameter, ours, theirs, path)
    }
  }

  /// A tensor, its axes in another order if one is given.
  private mutating func add(
    _ parameter: Parameter?, _ ours: String, _ theirs: String, _ path: PyTorchPath, view: [Int]? = nil,
    axes: [Int]? = nil, shape: Shape? = nil
  ) {
    guard let parameter else { return }
    let view = view ?? parameter.shape.dimensions
    let axes = axes ?? Array(view.indices)
    entries.append(
      .init(
        name: PyTorchPath.join(path.ours, ours), pyTorchName: PyTorchPath.join(path.theirs, theirs),
        pyTorchShape: shape ?? Shape(axes.map { view[$0] }), view: view, axes: axes))
  }
}

extension Layer {
  /// Whether the layer is two modules in PyTorch: with an activation, or as a mean that is flattened.
  fileprivate var isTwoModules: Bool {
    switch self {
    case let layer as Conv2D: layer.activation != .identity
    case let layer as DepthwiseConv2D: layer.activation != .identity
    case let layer as Conv2DTranspose: layer.activation != .identity
    case let layer as Dense: layer.activation != .identity
    case let layer as BatchNorm: layer.activation != .identity
    case is GlobalAveragePool2D: true
    default: false
    }
  }
}
