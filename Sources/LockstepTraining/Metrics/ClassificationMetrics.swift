public import LockstepCore
public import LockstepData
public import LockstepNN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// All that is measured of a classifier on a data set.
public struct ClassificationMetrics: Hashable, Sendable {
  /// The numbers of likeliest classes among which the right one is looked for.
  public static let topCounts = [3, 5]

  /// Loss and accuracy.
  public fileprivate(set) var evaluation: Evaluation
  /// What is taken for what.
  public private(set) var confusion: ConfusionMatrix
  /// How sure it is, and how right.
  public private(set) var calibration = Calibration()
  /// How many images have their class among the k likeliest, for each k of ``topCounts`` below the number of classes.
  public private(set) var topCorrectCounts: [Int: Int]

  /// Sorts out predictions.
  ///
  /// - Parameters:
  ///   - evaluation: what is known of them as a whole.
  ///   - logits: `[count, classes]`, row by row.
  ///   - labels: the class of each row.
  public init(_ evaluation: Evaluation, logits: [Float], labels: [Int32], classCount: Int) {
    trap(
      unless: logits.count == labels.count * classCount,
      "\(logits.count) logits for \(labels.count) images in \(classCount) classes")
    self.init(classCount: classCount)
    self.evaluation = evaluation
    add(logits: logits, labels: labels)
  }

  /// Creates metrics of nothing yet.
  fileprivate init(classCount: Int) {
    evaluation = Evaluation(loss: 0, correctCount: 0, count: 0)
    confusion = ConfusionMatrix(classCount: classCount)
    let tops = Self.topCounts.filter { $0 < classCount }
    topCorrectCounts = Dictionary(uniqueKeysWithValues: tops.map { ($0, 0) })
  }

  fileprivate mutating func add(logits: [Float], labels: [Int32]) {
    let (classCount, tops) = (confusion.classCount, topCorrectCounts.keys.sorted())
    for (row, label) in labels.enumerated() {
      add(logits[(row * classCount)..<((row + 1) * classCount)], label: Int(label), tops)
    }
  }

  /// The share of images that have their class among the `k` likeliest; nil where that is not counted.
  public func topAccuracy(_ k: Int) -> Double? {
    topCorrectCounts[k].map { evaluation.count == 0 ? 0 : Double($0) / Double(evaluation.count) }
  }

  private mutating func add(_ row: ArraySlice<Float>, label: Int, _ tops: [Int]) {
    // What is no number is the largest, as PyTorch's argmax has it.
    guard let largest = row.first(where: \.isNaN) ?? row.max(),
      let best = row.firstIndex(where: { $0.isNaN || $0 == largest })
    else { return }
    let prediction = best - row.startIndex
    confusion.add(label: label, prediction: prediction)
    // The probability of the likeliest class: its term of the softmax is exp(0).
    let sum = row.reduce(0.0) { $0 + exp(Double($1) - Double(largest)) }
    calibration.add(confidence: 1 / sum, isCorrect: prediction == label)
    let own = row[row.startIndex + label]
    // Of equals the first comes first, as for the prediction.
    let rank = row.indices.count { row[$0] > own || (row[$0] == own && $0 < row.startIndex + label) }
    for k in tops where rank < k { topCorrectCounts[k, default: 0] += 1 }
  }
}

/// How a classifier does on a data set, in detail; loss and accuracy are those of
/// ``evaluate(_:on:normalization:options:device:)``.
///
/// - Throws: ``/LockstepCore/BackendError``, or `DatasetError` if a streamed image can't be read any more.
public func measure(
  _ model: any Layer, on dataset: ImageDataset, normalization: Normalization? = nil,
  options: ExecutionOptions = ExecutionOptions(), device: Device = .default
) throws -> ClassificationMetrics {
  var metrics = ClassificationMetrics(classCount: dataset.classNames.count)
  metrics.evaluation = try evaluate(
    model, on: dataset, normalization: normalization, options: options, device: device
  ) { logits, labels in
    metrics.add(logits: try logits.scalars(as: Float.self), labels: labels)
  }
  return metrics
}
