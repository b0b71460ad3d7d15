internal import LockstepCore

/// How the images of a data set become those that a model sees: varied or not, normalised or not. A pure function of
/// (seed, epoch, image), so that a training that goes on sees what it would have seen.
public struct BatchPreparation: Sendable, Hashable {
  /// How images are varied.
  public let augmentation: Augmentation
  /// How samples are normalised.
  public let normalization: Normalization?
  /// What the variations are a function of.
  public let seed: UInt64

  /// Creates a preparation; without anything, samples are value / 255.
  public init(
    augmentation: Augmentation = Augmentation(), normalization: Normalization? = nil, seed: UInt64 = 0
  ) {
    self.augmentation = augmentation
    self.normalization = normalization
    self.seed = seed
  }

  /// Whether it does nothing but to make samples of bytes.
  var isPlain: Bool { augmentation.isNone && normalization == nil }

  /// Collects images into the batch of a number of an epoch, in the order of `indices`; traps when one is out of
  /// range.
  ///
  /// - Throws: ``DatasetError/changedFile(_:)`` if the images are streamed and a file can't be read any more.
  public func batch(
    of indices: [Int], from dataset: ImageDataset, epoch: Int, number: Int
  ) throws(DatasetError) -> HostBatch {
    if isPlain { return try dataset.batch(of: indices) }
    let pixels = varied(try dataset.samples(of: indices), indices, dataset, epoch)
    let batch = HostBatch(pixels: pixels, labels: indices.map { dataset.labels[$0] }, indices: indices)
    guard augmentation.mixesImages else { return batch }
    var random = RandomStream(seed: seed, purpose: .mixing, index: index(epoch, number))
    let mixing = BatchMixing(
      augmentation, count: batch.count, height: dataset.height, width: dataset.width, &random)
    return mixing?.mix(batch, width: dataset.width, channels: dataset.channels) ?? batch
  }

  private func varied(
    _ source: (samples: [UInt8], places: [Int]), _ indices: [Int], _ dataset: ImageDataset, _ epoch: Int
  ) -> [Float] {
    let size = dataset.imageSize
    let varier = ImageVarier(
      height: dataset.height, width: dataset.width, channels: dataset.channels, normalization: normalization)
    return [Float](unsafeUninitializedCapacity: indices.count * size) { buffer, initialized in
      buffer.initialize(repeating: 0)
      initialized = buffer.count
      source.samples.withUnsafeBufferPointer { images in
        for (place, index) in indices.enumerated() {
          let start = source.places[place] * size
          varier.vary(
            UnsafeBufferPointer(rebasing: images[start..<start + size]),
            variation(of: index, in: dataset, epoch: epoch),
            into: UnsafeMutableBufferPointer(rebasing: buffer[place * size..<(place + 1) * size]))
        }
      }
    }
  }

  private func variation(of image: Int, in dataset: ImageDataset, epoch: Int) -> ImageVariation {
    if augmentation.isNone { return ImageVariation() }
    var random = RandomStream(seed: seed, purpose: .augmentation, index: index(epoch, image))
    return ImageVariation(augmentation, height: dataset.height, width: dataset.width, &random)
  }

  /// Tells apart the random sequences of images and epochs.
  private func index(_ epoch: Int, _ number: Int) -> UInt64 { UInt64(epoch) << 32 | UInt64(number) }

  /// Traps if a setting makes no sense for the images.
  func check(_ dataset: ImageDataset) {
    if let problem = augmentation.problem(height: dataset.height, width: dataset.width) { trap(problem) }
    if let problem = normalization?.problem(channels: dataset.channels) { trap(problem) }
  }
}
