import Foundation
import LockstepTraining
import Testing

@Suite("Metrics, against scikit-learn")
struct MetricsGoldenTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let classes: Int
    let labels: [Int32]
    let logits: [Float]
    let confusion: [Int]
    let accuracy: Double
    let precision, recall, f1: [Double]
    let support: [Int]
    let macro, weighted: [Double]
    let top: [String: Double]
    let calibrationError: Double

    var testDescription: String { "\(labels.count) images in \(classes) classes" }

    var metrics: ClassificationMetrics {
      let correct = Int((accuracy * Double(labels.count)).rounded())
      return ClassificationMetrics(
        Evaluation(loss: 0, correctCount: correct, count: labels.count), logits: logits, labels: labels,
        classCount: classes)
    }
  }

  private static let cases: [Case] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Goldens/metrics.json")
    return try! JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
  }()

  private static func isClose(_ found: [Double], _ wanted: [Double]) -> Bool {
    found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test("what is taken for what", arguments: cases)
  func confusion(example: Case) {
    let confusion = example.metrics.confusion
    #expect(confusion.counts == example.confusion)
    #expect(confusion.total == example.labels.count)
    #expect(abs(Double(confusion.correctCount) / Double(confusion.total) - example.accuracy) < 1e-12)
  }

  @Test("precision, recall, F1 and images of each class", arguments: cases)
  func classes(example: Case) {
    let scores = (0..<example.classes).map(example.metrics.confusion.scores)
    #expect(Self.isClose(scores.map(\.precision), example.precision))
    #expect(Self.isClose(scores.map(\.recall), example.recall))
    #expect(Self.isClose(scores.map(\.f1), example.f1))
    #expect(scores.map(\.support) == example.support)
  }

  @Test("their means, by classes and by images", arguments: cases)
  func means(example: Case) {
    func numbers(_ scores: ClassScores) -> [Double] { [scores.precision, scores.recall, scores.f1] }
    let confusion = example.metrics.confusion
    #expect(Self.isClose(numbers(confusion.macroAverage), example.macro))
    #expect(Self.isClose(numbers(confusion.weightedAverage), example.weighted))
  }

  @Test("the share among the likeliest k, where there are more classes than k", arguments: cases)
  func top(example: Case) {
    let metrics = example.metrics
    for k in ClassificationMetrics.topCounts {
      let (found, wanted) = (metrics.topAccuracy(k), example.top["\(k)"])
      #expect((found == nil) == (wanted == nil))
      if let found, let wanted { #expect(abs(found - wanted) < 1e-12) }
    }
  }

  @Test("the expected calibration error", arguments: cases)
  func calibration(example: Case) {
    #expect(abs(example.metrics.calibration.expectedError - example.calibrationError) < 1e-12)
  }

  @Test("all cases were read")
  func count() { #expect(Self.cases.count == 4) }
}
