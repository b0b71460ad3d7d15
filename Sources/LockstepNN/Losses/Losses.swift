public import LockstepCore

/// The mean over a batch of the cross-entropy between softmax(logits) and the labels.
///
/// - Parameters:
///   - logits: `[batch, classes]`.
///   - labels: `[batch]`, int32 or int64.
///   - labelSmoothing: the share of the target that is spread evenly over all classes, 0…1.
///     Source: Szegedy et al., CVPR 2016.
/// - Returns: a scalar.
public func softmaxCrossEntropy(
  _ logits: Tensor, _ labels: Tensor, labelSmoothing: Double = 0, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  logits.softmaxCrossEntropy(labels: labels, labelSmoothing: labelSmoothing, file: file, line: line).mean()
}

/// The mean over a batch of the cross-entropy between softmax(logits) and targets that are shares of the classes, as
/// PyTorch's `cross_entropy` with probabilities: −Σ target · log softmax(logits).
///
/// - Parameters:
///   - logits: `[batch, classes]`.
///   - targets: `[batch, classes]`, of the logits' dtype. Rows need not add up to 1: a row's sum is its weight.
/// - Returns: a scalar. Traps if the shapes differ.
public func softmaxCrossEntropy(
  _ logits: Tensor, targets: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  guard logits.shape == targets.shape, logits.shape.rank == 2 else {
    trap(
      "softmaxCrossEntropy: logits \(logits.shape) and targets \(targets.shape) must be [batch, classes]",
      file: file, line: line)
  }
  let terms = targets * logits.logSoftmax(file: file, line: line)
  return terms.sum(file: file, line: line) * (-1 / Double(max(1, logits.shape[0])))
}

/// The mean over all elements of the squared difference. Traps if the shapes differ.
///
/// - Returns: a scalar.
public func meanSquaredError(
  _ predictions: Tensor, _ targets: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  // Broadcasting [n] against [n, 1] would silently compare every prediction with every target.
  guard predictions.shape == targets.shape else {
    trap(
      "meanSquaredError: predictions \(predictions.shape) and targets \(targets.shape) differ", file: file,
      line: line)
  }
  return (predictions - targets).squared().mean()
}
