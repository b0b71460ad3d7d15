import LockstepCore
import LockstepNN

/// All that a step of a training changes, kept so that the step can be undone.
struct TrainingMoment {
  private let values: [Tensor]
  private let optimizerState: [String: [Tensor]]
  private let stepCount: Int
  private let accumulated: Gradients?
  private let average: [String: Tensor]?

  /// The training as it is now.
  init(of trainer: Trainer) {
    values = trainer.state.map(\.parameter.value)
    optimizerState = trainer.optimizer.state
    stepCount = trainer.optimizer.stepCount
    accumulated = trainer.accumulated
    average = trainer.average?.values
  }

  /// Makes the training what it was.
  func restore(_ trainer: Trainer) {
    for (named, value) in zip(trainer.state, values) { named.parameter.value = value }
    trainer.optimizer.state = optimizerState
    trainer.optimizer.stepCount = stepCount
    trainer.accumulated = accumulated
    if let average { trainer.average?.values = average }
  }
}
