import LockstepData

/// What the loss of a batch is measured against where labels alone don't say it: images mixed of two, classes of
/// different weight. All that is linear in the logarithms of the probabilities is one matrix, made on the host.
struct SoftTargets {
  let classCount: Int
  let labelSmoothing: Double
  let classWeights: [Double]?

  /// The targets, `[count, classes]`: their mean cross-entropy is PyTorch's `CrossEntropyLoss(weight, labelSmoothing)`
  /// of the labels, and of mixed images the mean of that for both labels, in their shares.
  func values(of batch: HostBatch) -> [Float] {
    var result = [Double](repeating: 0, count: batch.count * classCount)
    if let mixture = batch.mixture {
      add(batch.labels, share: Double(mixture.share), to: &result)
      add(mixture.labels, share: 1 - Double(mixture.share), to: &result)
    } else {
      add(batch.labels, share: 1, to: &result)
    }
    return result.map { Float($0) }
  }

  /// Adds the targets of labels. PyTorch divides by the weights of the labels, not by the number of images.
  private func add(_ labels: [Int32], share: Double, to targets: inout [Double]) {
    let weights = classWeights ?? [Double](repeating: 1, count: classCount)
    let total = labels.reduce(0) { $0 + weights[Int($1)] }
    // A batch of classes that don't count has no loss, and PyTorch a NaN.
    guard total > 0 else { return }
    let scale = share * Double(labels.count) / total
    for (row, label) in labels.enumerated() {
      for column in 0..<classCount {
        let target =
          (column == Int(label) ? 1 - labelSmoothing : 0) + labelSmoothing / Double(classCount)
        targets[row * classCount + column] += scale * weights[column] * target
      }
    }
  }
}
