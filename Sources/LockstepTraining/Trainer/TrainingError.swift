/// Why a training can't go on.
public enum TrainingError: Error, Hashable, Sendable {
  /// The loss or a gradient is NaN or infinite.
  case notFinite(step: Int, epoch: Int, loss: Float, gradientNorm: Float, finding: NonFiniteProbe.Finding?)
  /// The loss on the test images is NaN or infinite, after an epoch whose own losses were not.
  case testLossNotFinite(epoch: Int, loss: Double)
}

extension TrainingError: CustomStringConvertible {
  /// One line: what happened, where it began, what helps.
  public var description: String {
    switch self {
    case .notFinite(let step, let epoch, let loss, let norm, let finding):
      // The sign of a NaN says nothing, and differs between processors.
      let what =
        loss.isFinite ? "the gradient norm is \(norm.magnitude)" : "the loss is \(loss.isNaN ? .nan : loss)"
      let place = finding.map { "; the first non-finite tensor is \($0)" } ?? ""
      return "\(what) in step \(step) (epoch \(epoch))\(place); a lower learning rate may help"
    case .testLossNotFinite(let epoch, let loss):
      return
        "the test loss is \(loss.isNaN ? .nan : loss) after epoch \(epoch); a lower learning rate may help"
    }
  }
}
