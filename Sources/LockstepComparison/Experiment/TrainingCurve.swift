import LockstepTraining

/// What is kept of a training: every loss, when what weights were reached, how long steps took.
public struct TrainingCurve: Codable, Hashable, Sendable {
  /// Weights at a step.
  public struct Weights: Codable, Hashable, Sendable {
    /// Steps done.
    public var step: Int
    /// The SHA-256 of the weights' safetensors file.
    public var digest: String
  }

  /// What computed it.
  public var engine: String
  /// What initial weights, order of the images and dropout are a function of.
  public var seed: UInt64
  /// The size of a step along the gradient.
  public var learningRate: Double
  /// The SHA-256 of the weights before the first step.
  public var initialWeightsDigest: String
  /// The mean loss over each step's batch, before the step. As JSON a number has the fewest digits that read
  /// back to the same bits.
  public var losses: [Float] = []
  /// Wall time of each step; NaN of a step that began with something besides training.
  public var stepSeconds: [Double] = []
  /// The weights at some steps.
  public var weights: [Weights] = []
  /// Why it could not go on: the loss or a gradient was not finite.
  public var failure: String?

  /// The typical step: the median.
  public var secondsPerStep: Double { stepSeconds.filter(\.isFinite).median }

  /// The digest of the weights after a step, if it was noted.
  public func digest(at step: Int) -> String? { weights.last { $0.step == step }?.digest }

  /// The first step, from 0, whose loss has other bits than in the other curve; nil if there is none in
  /// the steps both have.
  public func firstDifference(from other: TrainingCurve) -> Int? {
    zip(losses, other.losses).enumerated().first { $1.0.bitPattern != $1.1.bitPattern }?.offset
  }
}
