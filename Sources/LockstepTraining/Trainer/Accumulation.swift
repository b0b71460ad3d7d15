/// Which batches of an epoch share a step of the optimizer: so many in a row, and at the end of the epoch those that
/// are left.
struct Accumulation {
  /// Batches a step.
  let size: Int
  let batchSize: Int
  let imageCount: Int

  /// Steps an epoch has.
  var stepsPerEpoch: Int { divided(batchCount, by: size) }

  private var batchCount: Int { divided(imageCount, by: batchSize) }

  /// Whether a batch is the last of its step.
  func endsStep(_ batch: Int) -> Bool { (batch + 1) % size == 0 || batch + 1 == batchCount }

  /// The share of a batch in the images of its step, and that of all batches of the step up to it: the gradient
  /// of the large batch is the sum of those of the small ones, each times its share.
  func shares(_ batch: Int) -> (own: Double, soFar: Double) {
    let first = batch / size * size
    let whole = Double(images(from: first, to: min(first + size, batchCount)))
    return (
      Double(images(from: batch, to: batch + 1)) / whole, Double(images(from: first, to: batch + 1)) / whole
    )
  }

  private func images(from first: Int, to end: Int) -> Int {
    min(end * batchSize, imageCount) - first * batchSize
  }

  private func divided(_ count: Int, by size: Int) -> Int { count / size + (count % size == 0 ? 0 : 1) }
}
