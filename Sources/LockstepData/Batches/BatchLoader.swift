internal import LockstepCore

/// Gives the batches of a data set, epoch by epoch, prepared ahead on a thread of their own.
///
/// ```swift
/// let loader = BatchLoader(digits.train, batchSize: 64, seed: 7)
/// for epoch in 0..<10 {
///   let batches = loader.batches(epoch: epoch)
///   while let batch = try batches.next() { … }
/// }
/// ```
public struct BatchLoader: Sendable {
  /// One batch is computed on while the next waits and another is prepared.
  public static let defaultPrefetchCount = 2

  /// The images.
  public let dataset: ImageDataset
  /// Which images come in which batch.
  public let sampler: BatchSampler
  /// How images become those that a model sees.
  public let preparation: BatchPreparation
  /// The number of batches that may be prepared ahead.
  public let prefetchCount: Int

  /// Creates a loader for a data set. The seed is that of the order and of the images' variations. Traps if they
  /// can't be varied or normalised so.
  public init(
    _ dataset: ImageDataset, batchSize: Int, shuffles: Bool = true, seed: UInt64 = 0, dropsLast: Bool = false,
    augmentation: Augmentation = Augmentation(), normalization: Normalization? = nil,
    prefetchCount: Int = BatchLoader.defaultPrefetchCount
  ) {
    trap(unless: prefetchCount > 0, "at least one batch must be prepared ahead: \(prefetchCount)")
    self.dataset = dataset
    sampler = BatchSampler(
      count: dataset.count, batchSize: batchSize, shuffles: shuffles, seed: seed, dropsLast: dropsLast)
    preparation = BatchPreparation(augmentation: augmentation, normalization: normalization, seed: seed)
    preparation.check(dataset)
    self.prefetchCount = prefetchCount
  }

  /// The number of batches of an epoch.
  public var batchCount: Int { sampler.batchCount }

  /// The batches of an epoch, in order, once, from the one numbered `first` on.
  public func batches(epoch: Int, from first: Int = 0) -> BatchIterator {
    let batches = sampler.batches(epoch: epoch)
    let (dataset, preparation) = (dataset, preparation)
    return BatchIterator(
      batchCount: batches.count, from: first, prefetchCount: prefetchCount
    ) { (number) throws(DatasetError) in
      try preparation.batch(of: batches[number], from: dataset, epoch: epoch, number: number)
    }
  }

  /// The most bytes that batches take at a time: those waiting, the one being computed on and the one being
  /// prepared, with its samples as they are in the files.
  public var peakByteCount: Int {
    let samples = sampler.batchSize * dataset.imageSize
    return (prefetchCount + 2) * samples * MemoryLayout<Float>.stride + samples
  }
}
