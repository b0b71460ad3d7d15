import Lockstep
import LockstepSpecification

extension TrainingDefaults {
  /// What the model file says of its training, and the defaults for the rest. What depends on the images comes in with
  /// ``Lockstep/TrainingConfiguration/prepare(for:_:)``.
  var configuration: TrainingConfiguration {
    var result = TrainingConfiguration()
    result.epochs = epochs ?? result.epochs
    result.batchSize = batchSize ?? result.batchSize
    result.learningRate = learningRate ?? result.learningRate
    result.momentum = momentum ?? result.momentum
    result.nesterov = nesterov ?? result.nesterov
    result.weightDecay = weightDecay ?? result.weightDecay
    result.labelSmoothing = labelSmoothing ?? result.labelSmoothing
    result.augmentation = augmentation ?? result.augmentation
    return result
  }
}
