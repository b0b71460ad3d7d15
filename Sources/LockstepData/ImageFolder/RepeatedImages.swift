/// The images of a data set that are there more than once, pixel by pixel: a test image that is trained on tells
/// nothing, and the same image in two classes can't be learnt.
public struct RepeatedImages: Sendable {
  /// An image that is the same as an earlier one; training images come before test images.
  public struct Repeat: Sendable, Hashable {
    /// Which part the image is of.
    public let split: Split
    /// Its place there.
    public let index: Int
    /// Which part the first such image is of.
    public let firstSplit: Split
    /// Its place there.
    public let firstIndex: Int
    /// Whether the two have different classes.
    public let isContradiction: Bool
  }

  /// All of them, in order.
  public let repeats: [Repeat]

  /// Test images that are training images, too.
  public var leaks: [Repeat] { repeats.filter { $0.split == .test && $0.firstSplit == .train } }

  /// Images of another class than the first such image.
  public var contradictions: [Repeat] { repeats.filter(\.isContradiction) }

  /// How many images of a part are the same as an earlier one of it.
  public func count(within split: Split) -> Int {
    repeats.count { $0.split == split && $0.firstSplit == split }
  }

  /// Looks at all images, by the SHA-256 of their pixels.
  ///
  /// - Throws: ``DatasetError/changedFile(_:)`` if the images are streamed and a file can't be read any more.
  public init(of folder: ImageFolder) throws(DatasetError) {
    var first: [SHA256Digest: (split: Split, index: Int, label: Int32)] = [:]
    var repeats: [Repeat] = []
    for part in [folder.train, folder.test] {
      for (index, digest) in try part.imageDigests().enumerated() {
        let label = part.labels[index]
        guard let known = first[digest] else {
          first[digest] = (part.split, index, label)
          continue
        }
        repeats.append(
          Repeat(
            split: part.split, index: index, firstSplit: known.split, firstIndex: known.index,
            isContradiction: known.label != label))
      }
    }
    self.repeats = repeats
  }
}

extension ImageDataset {
  /// The SHA-256 of each image's pixels.
  fileprivate func imageDigests() throws(DatasetError) -> [SHA256Digest] {
    var digests: [SHA256Digest] = []
    try forEachPart { samples in
      let size = imageSize
      digests += Parallel.map(count: samples.count / max(1, size)) { index in
        let start = samples.startIndex + index * size
        return SHA256Digest(of: samples[start..<start + size])
      }
    }
    return digests
  }

  /// Gives the samples of all images, in order, so many at a time as would take 64 MB if they had to be read.
  func forEachPart(_ body: (ArraySlice<UInt8>) -> Void) throws(DatasetError) {
    let step = max(1, (64 << 20) / max(1, imageSize))
    for first in stride(from: 0, to: count, by: step) {
      let some = first..<min(count, first + step)
      let (samples, places) = try samples(of: Array(some))
      let start = (places.first ?? 0) * imageSize
      body(samples[start..<start + some.count * imageSize])
    }
  }
}
