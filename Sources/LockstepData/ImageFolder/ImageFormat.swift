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

  /// Refuses more images than this machine's memory holds, before any of it is taken.
  func checkMemory(imageCount: Int) throws(DatasetError) {
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    var product = imageCount
    var overflows = false
    for factor in [size.width, size.height, channels.rawValue] {
      let step = product.multipliedReportingOverflow(by: factor)
      overflows = overflows || step.overflow
      product = step.partialValue
    }
    guard !overflows, product <= memory else {
      throw .tooBigForMemory(byteCount: overflows ? .max : product, memory: memory)
    }
  }
}
