internal import LockstepCore

/// Some images of a data set as training wants them, in host memory.
public struct HostBatch: Sendable, Equatable {
  /// The samples, `[count, height, width, channels]`: value / 255, correctly rounded, or what a
  /// ``BatchPreparation`` made of them.
  public let pixels: [Float]
  /// The class of each image.
  public let labels: [Int32]
  /// Which images of the data set these are.
  public let indices: [Int]
  /// What the images are mixed with, if they are.
  public let mixture: BatchMixture?

  /// The number of images.
  public var count: Int { indices.count }

  /// Creates a batch.
  public init(pixels: [Float], labels: [Int32], indices: [Int], mixture: BatchMixture? = nil) {
    self.pixels = pixels
    self.labels = labels
    self.indices = indices
    self.mixture = mixture
  }
}

extension ImageDataset {
  /// Collects images into a batch, in the order of `indices`; traps when one is out of range.
  ///
  /// - Throws: ``DatasetError/changedFile(_:)`` if the images are streamed and a file can't be read any more.
  public func batch(of indices: [Int]) throws(DatasetError) -> HostBatch {
    let (samples, places) = try samples(of: indices)
    return HostBatch(
      pixels: scaled(samples, places), labels: indices.map { labels[$0] }, indices: indices)
  }

  /// Samples, `[…, height, width, channels]`, and at which place among them each of the images is: read from their
  /// files if they are streamed. Traps when an index is out of range.
  func samples(of indices: [Int]) throws(DatasetError) -> (samples: [UInt8], places: [Int]) {
    if let wrong = indices.first(where: { !(0..<count).contains($0) }) { trap("image \(wrong) of \(count)") }
    return switch storage {
    case .memory(let images): (images, indices)
    case .streamed(let reader): (try read(indices, reader), Array(indices.indices))
    }
  }

  /// Images of an array of images, with samples in 0…1.
  private func scaled(_ images: [UInt8], _ indices: [Int]) -> [Float] {
    [Float](unsafeUninitializedCapacity: indices.count * imageSize) { buffer, initialized in
      images.withUnsafeBufferPointer { images in
        for index in indices {
          for position in index * imageSize..<(index + 1) * imageSize {
            // IEEE division rounds correctly; multiplying by 1/255 would not.
            buffer.initializeElement(at: initialized, to: Float(images[position]) / 255)
            initialized += 1
          }
        }
      }
    }
  }

  /// Reads images from their files, on all cores.
  private func read(_ indices: [Int], _ reader: ImageReader) throws(DatasetError) -> [UInt8] {
    let (bytes, errors) = Parallel.fill(count: indices.count, slotSize: imageSize) { position, slot in
      reader.decode(files[indices[position]], into: slot)
    }
    for (index, error) in zip(indices, errors) {
      if let error { throw .changedFile(SkippedFile(path: files[index], reason: error.description)) }
    }
    return bytes
  }
}
