import LockstepCore

// What the rules that are made of several operations have in common.
extension Tensor {
  /// A gradient with L2 weight decay: plus a share of the parameter. Without decay it costs nothing.
  func decayed(by weightDecay: Double, of parameter: Tensor) -> Tensor {
    weightDecay == 0 ? self : self + parameter * weightDecay
  }

  /// An exponential mean after one more value: share · self + (1 − share) · value.
  func moved(to value: Tensor, keeping share: Double) -> Tensor { self + (value - self) * (1 - share) }
}
