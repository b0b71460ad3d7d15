import Lockstep
import LockstepTraining
import Testing

@Suite("Metrics at their limits")
struct MetricsEdgeTests {
  @Test("of no images everything is 0, and a number")
  func nothing() {
    let metrics = ClassificationMetrics(
      Evaluation(loss: 0, correctCount: 0, count: 0), logits: [], labels: [], classCount: 4)
    #expect(metrics.confusion.macroAverage == ClassScores(precision: 0, recall: 0, f1: 0, support: 0))
    #expect(metrics.confusion.weightedAverage == ClassScores(precision: 0, recall: 0, f1: 0, support: 0))
    #expect(metrics.topAccuracy(3) == 0)
    #expect(metrics.calibration.expectedError == 0)
  }

  @Test("logits that are no numbers make nobody confident")
  func notANumber() {
    let metrics = ClassificationMetrics(
      Evaluation(loss: 0, correctCount: 0, count: 1), logits: [.nan, .nan], labels: [1], classCount: 2)
    #expect(metrics.calibration.expectedError.isFinite)
    #expect(metrics.confusion.total == 1)
  }

  @Test("of classes equally likely the first comes first")
  func ties() {
    let metrics = ClassificationMetrics(
      Evaluation(loss: 0, correctCount: 0, count: 2), logits: [Float](repeating: 1, count: 8),
      labels: [2, 3],
      classCount: 4)
    #expect(metrics.confusion[2, 0] == 1 && metrics.confusion[3, 0] == 1)
    #expect(metrics.topAccuracy(3) == 0.5)
  }

  @Test("a confidence on the border of two bins is in the lower one")
  func borders() {
    var calibration = Calibration(binCount: 4)
    for confidence in [0, 0.25, 0.26, 0.5, 1] { calibration.add(confidence: confidence, isCorrect: true) }
    #expect(calibration.bins.map(\.count) == [2, 2, 0, 1])
  }

  @Test("the most frequent mistakes come first, of equals those of the first class")
  func confusions() {
    var confusion = ConfusionMatrix(classCount: 3)
    for (label, prediction, count) in [(0, 0, 9), (0, 1, 2), (1, 2, 5), (2, 0, 2)] {
      for _ in 0..<count { confusion.add(label: label, prediction: prediction) }
    }
    let found = confusion.confusions(limit: 2)
    #expect(found.map { [$0.label, $0.prediction, $0.count] } == [[1, 2, 5], [0, 1, 2]])
  }

  @Test("measuring gives the loss and accuracy that evaluating gives, and a confusion that fits them")
  func measured() throws {
    let device = referenceDevice()
    let test = TinyTraining.images(7, split: .test, seed: 2)
    let trainer = try TinyTraining.trainer(TrainingConfiguration(epochs: 1, batchSize: 4), on: device)
    try trainer.fit(TinyTraining.images(10), test: test)
    let metrics = try measure(trainer.model, on: test, device: device)
    #expect(try metrics.evaluation == evaluate(trainer.model, on: test, device: device))
    #expect(metrics.confusion.correctCount == metrics.evaluation.correctCount)
    #expect((0..<3).map(metrics.confusion.support) == test.classCounts)
    #expect(trainer.metrics == metrics)
  }
}
