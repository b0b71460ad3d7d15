internal import LockstepCore

/// Which images come in which batch: a pure function of (seed, epoch), the same on every machine and backend.
public struct BatchSampler: Sendable, Hashable {
  /// The number of images.
  public let count: Int
  /// Images of a batch; the last one of an epoch may have fewer.
  public let batchSize: Int
  /// Whether each epoch has an order of its own, or all have the data set's.
  public let shuffles: Bool
  /// The seed of the orders.
  public let seed: UInt64
  /// Whether a last batch of fewer than ``batchSize`` images is left out.
  public let dropsLast: Bool

  /// Creates a sampler; traps when a number is out of range.
  public init(
    count: Int, batchSize: Int, shuffles: Bool = true, seed: UInt64 = 0, dropsLast: Bool = false
  ) {
    trap(unless: count >= 0, "the number of images must not be negative: \(count)")
    trap(unless: batchSize > 0, "the batch size must be positive: \(batchSize)")
    self.count = count
    self.batchSize = batchSize
    self.shuffles = shuffles
    self.seed = seed
    self.dropsLast = dropsLast
  }

  /// The number of batches of an epoch.
  public var batchCount: Int {
    dropsLast ? count / batchSize : (count + batchSize - 1) / batchSize
  }

  /// The order of all images in an epoch, also of those a dropped last batch would have had.
  public func order(epoch: Int) -> [Int] {
    trap(unless: epoch >= 0, "epochs count from 0: \(epoch)")
    let order = Array(0..<count)
    guard shuffles else { return order }
    var random = RandomStream(seed: seed, purpose: .shuffle, index: UInt64(epoch))
    return order.shuffled(by: &random)
  }

  /// The image indices of each batch of an epoch.
  public func batches(epoch: Int) -> [[Int]] {
    let order = order(epoch: epoch)
    return (0..<batchCount).map { batch in
      Array(order[batch * batchSize..<min((batch + 1) * batchSize, count)])
    }
  }

  /// The SHA-256 of which images come in which batch of an epoch: batch by batch the number of images and their
  /// indices, 8 bytes each, least significant first.
  public func digest(epoch: Int) -> SHA256Digest {
    var hash = SHA256()
    for batch in batches(epoch: epoch) {
      ([batch.count] + batch).map { UInt64($0).littleEndian }.withUnsafeBytes { hash.update($0) }
    }
    return hash.finalize()
  }
}
