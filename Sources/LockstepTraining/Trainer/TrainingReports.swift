import LockstepNN

/// How far a training is.
public struct TrainingPosition: Hashable, Sendable {
  /// Epochs completed.
  public var epoch = 0
  /// Batches of the current epoch completed.
  public var batch = 0
  /// Steps completed, over all epochs.
  public var step = 0
  /// Σ loss · images over the current epoch's batches.
  var lossSum = 0.0
  /// Images classified right in the current epoch's batches, each before its step.
  var correctCount = 0
  /// Images in the current epoch's batches.
  var imageCount = 0
  /// The best evaluation so far.
  public internal(set) var best: Evaluation?
  /// How far the reduction of the learning rate on a plateau is.
  var plateau: PlateauState?
  /// How far early stopping is.
  var stopping = StoppingState()

  /// The beginning.
  public init() {}
}

/// A step, after it.
public struct StepReport: Hashable, Sendable {
  /// The step, from 1, over all epochs.
  public let step: Int
  /// The epoch, from 1.
  public let epoch: Int
  /// The batch within the epoch, from 1.
  public let batch: Int
  /// Batches an epoch has.
  public let batchCount: Int
  /// Images in the batch.
  public let imageCount: Int
  /// The mean loss over the batch, before the step.
  public let loss: Float
  /// The share of the batch classified right, before the step.
  public let accuracy: Double
  /// The learning rate of the step.
  public let learningRate: Double
  /// The Euclidean norm of all gradients together.
  public let gradientNorm: Float
  /// Wall time of the step.
  public let seconds: Double
}

/// How a model does on a data set.
public struct Evaluation: Codable, Hashable, Sendable {
  /// The mean cross-entropy.
  public let loss: Double
  /// Images classified right.
  public let correctCount: Int
  /// Images in all.
  public let count: Int

  /// Creates a result.
  public init(loss: Double, correctCount: Int, count: Int) {
    self.loss = loss
    self.correctCount = correctCount
    self.count = count
  }

  /// The share classified right; 0 of none.
  public var accuracy: Double { count == 0 ? 0 : Double(correctCount) / Double(count) }
}

/// An epoch, after it.
public struct EpochReport: Hashable, Sendable {
  /// The epoch, from 1.
  public let epoch: Int
  /// The mean loss over the epoch's batches.
  public let loss: Double
  /// The share of images classified right while training.
  public let accuracy: Double
  /// How the model does on the test images.
  public let test: Evaluation
  /// How the average of the weights does on them, where the training keeps one.
  public let averageTest: Evaluation?
  /// Whether no earlier epoch did better on the test images by the metric of the settings; of a training with an
  /// average that is judged.
  public let isBest: Bool
  /// Wall time of the steps, without the evaluation.
  public let seconds: Double
  /// Training images a second; nil if part of the epoch was computed in an earlier run.
  public let imagesPerSecond: Double?
}

/// What a training came to.
public struct TrainingResult: Hashable, Sendable {
  /// Whether it came to its end, by the last epoch or early stopping; false if it was asked to stop.
  public let isFinished: Bool
  /// Whether early stopping ended it.
  public let isStoppedEarly: Bool
  /// How far it is.
  public let position: TrainingPosition
  /// The epochs this call completed.
  public let epochs: [EpochReport]
}

/// Someone who is told how a training goes. Errors thrown end it.
public protocol TrainingObserver: AnyObject {
  /// Before the first step. Parameters have their first values.
  func trainingWillBegin(_ trainer: Trainer) throws
  /// After every step.
  func stepDidEnd(_ report: StepReport, _ trainer: Trainer) throws
  /// After every epoch and its evaluation.
  func epochDidEnd(_ report: EpochReport, _ trainer: Trainer) throws
  /// After the last step, or the step after which it was asked to stop.
  func trainingDidEnd(_ result: TrainingResult, _ trainer: Trainer) throws
  /// When it can't go on; the model has the parameters from before a step whose loss was not finite.
  func trainingDidFail(_ error: any Error, _ trainer: Trainer)
}

extension TrainingObserver {
  /// Does nothing.
  public func trainingWillBegin(_ trainer: Trainer) throws {}
  /// Does nothing.
  public func stepDidEnd(_ report: StepReport, _ trainer: Trainer) throws {}
  /// Does nothing.
  public func epochDidEnd(_ report: EpochReport, _ trainer: Trainer) throws {}
  /// Does nothing.
  public func trainingDidEnd(_ result: TrainingResult, _ trainer: Trainer) throws {}
  /// Does nothing.
  public func trainingDidFail(_ error: any Error, _ trainer: Trainer) {}
}
