public import LockstepCore
import LockstepData
public import LockstepNN

/// How a model's state corresponds to the state dict of the same net in PyTorch: names, and where each element is.
///
/// ```swift
/// let layout = try PyTorchLayout(of: model, input: [28, 28, 1])
/// let entries = try layout.stateDict(of: ModelWeights(of: model.state))
/// let file = Safetensors.encode(entries, metadata: ["format": "pt"])     // for load_state_dict
/// ```
/// The net in PyTorch takes images `[batch, channels, height, width]` and is an `nn.Sequential` in which an
/// activation other than `identity` is a module of its own behind its layer: `Conv2D(…, activation: .relu)` is number
/// 0 and its `nn.ReLU()` number 1. A `Residual` is a module with the `nn.Sequential` `layers` and, if it has one,
/// `shortcut`; `Add` and `Concatenate` are modules with an `nn.ModuleList` `branches` of `nn.Sequential`. A
/// `Sequential` within one is an `nn.Sequential`. Nets that call them something else are met by ``PyTorchNames``.
///
/// Convolution weights become `[out, in / groups, height, width]`, transposed ones `[in, out / groups, height,
/// width]`, dense ones `[out, in]`. Behind a `Flatten` of images everything that has a number for each feature is
/// put in the order in which PyTorch flattens: channels first.
public struct PyTorchLayout: Sendable {
  /// A tensor of the state dict.
  public struct Entry: Hashable, Sendable {
    /// The name in the model's `state`, such as `layers.0.weight`; nil of what PyTorch alone has.
    public let name: String?
    /// The name in the state dict, such as `0.weight`.
    public let pyTorchName: String
    /// The shape in the state dict.
    public let pyTorchShape: Shape
    /// The model's shape, with the features of a flattened image apart.
    let view: [Int]
    /// The axes of `view` in the order of the state dict's.
    let axes: [Int]
  }

  /// The tensors, in the model's order.
  public let entries: [Entry]

  /// Finds the correspondence. Builds the model, which changes nothing if it has been built for such examples.
  ///
  /// - Parameters:
  ///   - input: the shape of an example, without the batch dimension.
  ///   - names: what modules are called that are not called by their numbers.
  /// - Throws: `ModelError` naming the first layer that doesn't fit, or that PyTorch has not.
  public init(
    of model: Sequential, input: Shape, names: PyTorchNames = PyTorchNames()
  ) throws(ModelError) {
    _ = try model.build(input: input)
    var walk = PyTorchWalk(names: names)
    _ = try walk.visit(model.layers, PyTorchPath(ours: "layers", theirs: ""), PyTorchFeatures(shape: input))
    if let unknown = names.modules.first(where: { !walk.namesUsed.contains($0.key) }) {
      throw ModelError(
        layer: unknown.key, kind: "names for PyTorch", problem: "the model has no such layer")
    }
    entries = walk.entries
  }

  /// The weights as a state dict's tensors.
  ///
  /// - Throws: ``CheckpointError`` if they are of another model.
  public func stateDict(of weights: ModelWeights) throws(CheckpointError) -> [Safetensors.Entry] {
    var found: [Safetensors.Entry] = []
    for entry in entries {
      guard let name = entry.name else {
        // PyTorch counts batches, and uses the count only where the momentum is None.
        found.append(
          .init(name: entry.pyTorchName, spec: TensorSpec([], .int64), bytes: [UInt8](repeating: 0, count: 8))
        )
        continue
      }
      guard let tensor = weights.entries.first(where: { $0.name == name }) else {
        throw CheckpointError("the weights have no parameter \(name); they are of another model")
      }
      guard tensor.spec.shape.count == entry.view.reduce(1, *) else {
        throw CheckpointError("parameter \(name) is \(tensor.spec) in the weights; they are of another model")
      }
      let bytes = ElementOrder.permuted(
        tensor.bytes, shape: entry.view, axes: entry.axes, elementSize: tensor.spec.dtype.byteCount)
      found.append(
        .init(name: entry.pyTorchName, spec: TensorSpec(entry.pyTorchShape, tensor.spec.dtype), bytes: bytes))
    }
    return found
  }

  /// The model's weights from a state dict's tensors.
  ///
  /// - Parameter shapes: the model's `state`.
  /// - Throws: ``CheckpointError`` if the state dict is of another model, with both shapes where they differ.
  public func weights(
    fromStateDict tensors: [Safetensors.Entry], for state: [NamedParameter]
  ) throws(CheckpointError) -> ModelWeights {
    let named = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
    let shapes = Dictionary(state.map { ($0.name, $0.parameter.shape) }) { first, _ in first }
    if let extra = tensors.first(where: { tensor in !entries.contains { $0.pyTorchName == tensor.name } }) {
      throw CheckpointError("the model has no place for \(extra.name) of the state dict\(hint)")
    }
    var found: [Safetensors.Entry] = []
    for entry in entries {
      guard let name = entry.name, let shape = shapes[name] else { continue }
      guard let tensor = named[entry.pyTorchName] else {
        throw CheckpointError("the state dict has no \(entry.pyTorchName), the model's \(name)\(hint)")
      }
      guard tensor.spec.shape == entry.pyTorchShape, tensor.spec.dtype.isFloatingPoint else {
        throw CheckpointError(
          "\(entry.pyTorchName) is \(tensor.spec) in the state dict; the model's \(name) is "
            + "\(entry.pyTorchShape) there")
      }
      let bytes = ElementOrder.permuted(
        tensor.bytes, shape: entry.axes.map { entry.view[$0] },
        axes: entry.axes.indices.map { axis in entry.axes.firstIndex(of: axis)! },
        elementSize: tensor.spec.dtype.byteCount)
      found.append(.init(name: name, spec: TensorSpec(shape, tensor.spec.dtype), bytes: bytes))
    }
    return ModelWeights(found)
  }

  /// The names of some modules, for a reader who sees that they are called something else.
  private var hint: String {
    let names = entries.prefix(3).map(\.pyTorchName).joined(separator: ", ")
    return "; here it is called \(names), …: give other names with a file of names"
  }
}
