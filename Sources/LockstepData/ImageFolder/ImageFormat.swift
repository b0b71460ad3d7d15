#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What all images of a data set are brought to.
struct ImageFormat: Hashable, Sendable {
  let size: ImageSize
  let channels: PNGImage.Channels

  init(_ size: ImageSize, _ channels: PNGImage.Channels) {
    self.size = size
    self.channels = channels
  }

  /// The bytes of an image.
  var byteCount: Int { size.width * size.height * channels.rawValue }

  /// So many images must fit into memory at a time, or nothing can be computed on them.
  static let leastCount = 16

  /// The share of the memory that images may take all the time; a larger data set is streamed.
  private static let memoryShare = 0.5

  /// Whether so many images are too many to be kept in memory.
  func isTooBigToKeep(imageCount: Int) -> Bool {
    guard let byteCount = byteCount(of: imageCount) else { return true }
    return Double(byteCount) > Double(Self.memory) * Self.memoryShare
  }

  /// Refuses images of which not even some fit into this machine's memory, before any of it is taken.
  func checkMemory() throws(DatasetError) {
    let byteCount = byteCount(of: Self.leastCount) ?? .max
    guard byteCount <= Self.memory else { throw .tooBigForMemory(byteCount: byteCount, memory: Self.memory) }
  }

  /// The bytes of so many images, nil if they can't be counted.
  private func byteCount(of imageCount: Int) -> Int? {
    var product = imageCount
    for factor in [size.width, size.height, channels.rawValue] {
      let step = product.multipliedReportingOverflow(by: factor)
      guard !step.overflow else { return nil }
      product = step.partialValue
    }
    return product
  }

  /// The bytes of this machine's memory.
  private static var memory: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }
}
