internal import LockstepCore

/// Some images of a data set as training wants them, in host memory.
public struct HostBatch: Sendable, Equatable {
  /// The samples in 0…1, `[count, height, width, channels]`: value / 255, correctly rounded.
  public let pixels: [Float]
  /// The class of each image.
  public let labels: [Int32]
  /// Which images of the data set these are.
  public let indices: [Int]

  /// The number of images.
  public var count: Int { indices.count }

  /// Creates a batch.
  public init(pixels: [Float], labels: [Int32], indices: [Int]) {
    self.pixels = pixels
    self.labels = labels
    self.indices = indices
  }
}

extension ImageDataset {
  /// Collects images into a batch, in the order of `indices`; traps when one is out of range.
  public func batch(of indices: [Int]) -> HostBatch {
    let pixels = [Float](unsafeUninitializedCapacity: indices.count * imageSize) { buffer, initialized in
      images.withUnsafeBufferPointer { images in
        for index in indices {
          trap(unless: (0..<count).contains(index), "image \(index) of \(count)")
          for position in index * imageSize..<(index + 1) * imageSize {
            // IEEE division rounds correctly; multiplying by 1/255 would not.
            buffer.initializeElement(at: initialized, to: Float(images[position]) / 255)
            initialized += 1
          }
        }
      }
    }
    return HostBatch(pixels: pixels, labels: indices.map { labels[$0] }, indices: indices)
  }
}
