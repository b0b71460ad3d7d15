public import LockstepCore

/// What a layer needs to know of the pass it is part of: whether it trains, and where randomness comes from.
public struct ForwardContext: Sendable {
  /// Whether layers such as ``Dropout`` behave as in training.
  public let isTraining: Bool
  let seed: UInt64
  let step: Int
  let path: String

  /// A pass that predicts.
  public static let inference = ForwardContext(isTraining: false, seed: 0, step: 0, path: "")

  /// A pass that trains; random layers are a pure function of seed, step and their path.
  public static func training(step: Int, seed: UInt64) -> ForwardContext {
    ForwardContext(isTraining: true, seed: seed, step: step, path: "")
  }

  /// Calls a child layer under its name, such as `layers.0`, which errors, profiles and random numbers go by.
  public func call(_ layer: any Layer, _ name: String, _ x: Tensor) -> Tensor {
    let path = path.isEmpty ? name : "\(path).\(name)"
    let context = ForwardContext(isTraining: isTraining, seed: seed, step: step, path: path)
    return Origin.$current.withValue(Origin(layer: path, phase: .forward)) { layer(x, context) }
  }

  /// Calls child layers one after the other, under a name and their number.
  func call(_ layers: [any Layer], _ name: String, _ x: Tensor) -> Tensor {
    layers.indices.reduce(x) { call(layers[$1], "\(name).\($1)", $0) }
  }

  /// The random numbers of this layer in this step.
  public func randomStream(_ purpose: RandomPurpose) -> RandomStream {
    RandomStream(seed: seed, purpose: purpose, index: RandomStream.index(of: "\(path)#\(step)"))
  }
}
