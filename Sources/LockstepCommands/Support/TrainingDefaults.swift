import Lockstep
import LockstepSpecification

extension TrainingDefaults {
  /// What the model file says of its training, and the defaults for the rest. What depends on the images comes in with
  /// ``Lockstep/TrainingConfiguration/prepare(for:_:)``.
  var configuration: TrainingConfiguration {
    var result = TrainingConfiguration()
    optimization.apply(to: &result)
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

extension OptimizationDefaults {
  /// Puts what is asked for into a configuration. Another optimizer brings its own learning rate and weight decay:
  /// those of the one before would be many times too large or too small.
  func apply(to configuration: inout TrainingConfiguration) {
    var settings = configuration.optimization
    if let optimizer {
      if optimizer.name != settings.optimizer.name {
        configuration.learningRate = optimizer.standardLearningRate
        configuration.weightDecay = optimizer.standardWeightDecay
      }
      settings.optimizer = optimizer
    }
    settings.schedule = schedule ?? settings.schedule
    if let warmupSteps {
      settings.warmup = Warmup(length: warmupSteps, unit: .step, factor: settings.warmup.factor)
    } else if let warmupEpochs {
      settings.warmup = Warmup(length: warmupEpochs, factor: settings.warmup.factor)
    }
    settings.warmup.factor = warmupFactor ?? settings.warmup.factor
    settings.clipping.norm = clipNorm ?? settings.clipping.norm
    settings.clipping.value = clipValue ?? settings.clipping.value
    settings.accumulatedBatches = accumulate ?? settings.accumulatedBatches
    settings.averageDecay = ema ?? settings.averageDecay
    settings.frozen = freeze ?? settings.frozen
    settings.groups = groups ?? settings.groups
    settings.decaysVectors = biasDecay ?? settings.decaysVectors
    settings.bestMetric = bestBy ?? settings.bestMetric
    settings.earlyStopping = earlyStopping ?? settings.earlyStopping
    configuration.optimization = settings
  }
}
