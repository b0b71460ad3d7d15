@testable import LockstepComparison

extension TrainingCurve {
  /// A curve as an engine might have computed it.
  static func made(
    _ engine: String, seed: UInt64 = 0, losses: [Float], seconds: Double = 0.001, weights: [Int: String] = [:]
  ) -> TrainingCurve {
    TrainingCurve(
      engine: engine, seed: seed, learningRate: 0.05, initialWeightsDigest: "first \(seed)", losses: losses,
      stepSeconds: losses.map { _ in seconds },
      weights: weights.sorted { $0.key < $1.key }.map { Weights(step: $0.key, digest: $0.value) })
  }
}
