public import LockstepCore

/// What a layer needs to know of the pass it is part of: whether it trains, how it is computed, and where
/// randomness comes from.
public struct ForwardContext: Sendable {
  /// Whether layers such as ``Dropout`` behave as in training.
  public let isTraining: Bool
  /// How layers are computed.
  public let options: ExecutionOptions
  let seed: UInt64
  let step: Int
  let path: String

  /// A pass that predicts.
  public static let inference = inference(ExecutionOptions())

  /// A pass that predicts, computed in a certain way.
  public static func inference(_ options: ExecutionOptions) -> ForwardContext {
    ForwardContext(isTraining: false, options: options, seed: 0, step: 0, path: "")
  }

  /// A pass that trains; random layers are a pure function of seed, step and their path.
  public static func training(
    step: Int, seed: UInt64, options: ExecutionOptions = ExecutionOptions()
  ) -> ForwardContext {
    ForwardContext(isTraining: true, options: options, seed: seed, step: step, path: "")
  }

  /// Calls a child layer under its name, such as `layers.0`, which errors, profiles and random numbers go by.
  public func call(_ layer: any Layer, _ name: String, _ x: Tensor) -> Tensor {
    within(name) { layer(x, $0) }
  }

  /// Calls child layers one after the other, under a name and their number; those that are fused under that of
  /// the first.
  func call(_ layers: [any Layer], _ name: String, _ x: Tensor) -> Tensor {
    let fuses = options.fusesOperations && FusedLayers.isSupported(by: x.device.backend, x.dtype)
    var result = x
    var index = 0
    while index < layers.count {
      let input = result
      if fuses,
        let fused = FusedLayers(layers[index...], input: input.shape, isTraining: isTraining)
      {
        result = within("\(name).\(index)") { fused(input, $0.options) }
        index += fused.count
      } else {
        result = call(layers[index], "\(name).\(index)", input)
        index += 1
      }
    }
    return result
  }

  /// Computes something under the name of a child layer.
  private func within(_ name: String, _ compute: (ForwardContext) -> Tensor) -> Tensor {
    let path = path.isEmpty ? name : "\(path).\(name)"
    let context = ForwardContext(
      isTraining: isTraining, options: options, seed: seed, step: step, path: path)
    return Origin.$current.withValue(Origin(layer: path, phase: .forward)) { compute(context) }
  }

  /// The random numbers of this layer in this step.
  public func randomStream(_ purpose: RandomPurpose) -> RandomStream {
    RandomStream(seed: seed, purpose: purpose, index: RandomStream.index(of: "\(path)#\(step)"))
  }
}
