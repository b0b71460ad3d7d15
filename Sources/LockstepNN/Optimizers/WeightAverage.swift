public import LockstepCore

/// The exponential moving average of a model's state over the steps of a training, running statistics with it:
/// `a ← decay · a + (1 − decay) · w` after every step, and `a = w` after the first. It often predicts better than
/// the weights themselves.
///
/// As PyTorch's `AveragedModel` with `get_ema_multi_avg_fn(decay)` and `use_buffers=True`. Source: Polyak and
/// Juditsky, SIAM J. Control Optim. 1992.
public final class WeightAverage {
  /// The share of the average that is kept from step to step.
  public let decay: Double
  /// The average, by name; empty before the first step.
  public var values: [String: Tensor] = [:]

  /// Creates an average of nothing. Traps unless 0 ≤ decay < 1.
  public init(decay: Double) {
    trap(unless: (0..<1).contains(decay), "an average can't keep a share of \(decay)")
    self.decay = decay
  }

  /// Takes the present state in.
  ///
  /// - Parameter state: a model's ``Module/state``, always of the same model. What is frozen is not averaged:
  ///   it stays what it is.
  public func update(_ state: [NamedParameter]) {
    Origin.$current.withValue(Origin(phase: .update)) {
      for named in state {
        let value = named.parameter.value
        let before = named.parameter.isFrozen ? nil : values[named.name]
        values[named.name] = before.map { $0.moved(to: value, keeping: decay) } ?? value
      }
    }
  }

  /// Computes something while the model has the average for its state, or what it has if there is none yet.
  public func withAverage<Result, Failure: Error>(
    _ state: [NamedParameter], _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let own = state.map(\.parameter.value)
    defer { for (named, value) in zip(state, own) { named.parameter.value = value } }
    for named in state { named.parameter.value = values[named.name] ?? named.parameter.value }
    return try body()
  }
}
